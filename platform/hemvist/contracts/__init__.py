"""Contracts (kontrakt)."""

from hemvist.contracts import facts

__all__ = ["facts"]
