"""The landlords' routes: each reads one document, shows one template, or carries out one command."""
