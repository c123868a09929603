"""The portal's routes: each reads one document, shows one template, or carries out one command."""
