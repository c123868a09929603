"""Rents that landlords report unpaid (hyresskulder), and what the law gives time for."""

from hemvist.arrears import facts

__all__ = ["facts"]
