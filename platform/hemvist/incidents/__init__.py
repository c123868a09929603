"""Incidents (störningar, klagomål, misskötsel) in a home, and the clocks of service they start."""

from hemvist.incidents import closing, facts

__all__ = ["closing", "facts"]
