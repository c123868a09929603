"""Rent guarantees (hyresgarantier)."""

from hemvist.guarantees import facts

__all__ = ["facts"]
