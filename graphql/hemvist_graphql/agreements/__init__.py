"""Agreements with landlords in the schema."""
