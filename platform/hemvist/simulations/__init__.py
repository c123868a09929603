"""Simulations: what a version of a guideline would change for the cases there are now."""
