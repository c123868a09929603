"""Landlords (hyresvärdar)."""
