"""Simulations in the schema."""
