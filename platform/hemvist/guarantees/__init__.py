"""Rent guarantees (hyresgarantier)."""
