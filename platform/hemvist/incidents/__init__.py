"""Incidents (störningar, klagomål, misskötsel) in a home, and the clocks of service they start."""

from hemvist.incidents import facts

__all__ = ["facts"]
