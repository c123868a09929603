"""Referrals (remisser)."""
