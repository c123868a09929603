"""Referrals (remisser)."""

from hemvist.referrals import closing, ending, facts

__all__ = ["closing", "ending", "facts"]
