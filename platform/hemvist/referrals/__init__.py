"""Referrals (remisser)."""

from hemvist.referrals import facts

__all__ = ["facts"]
