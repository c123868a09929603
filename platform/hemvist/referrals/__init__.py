"""Referrals (remisser)."""

from hemvist.referrals import closing, facts

__all__ = ["closing", "facts"]
