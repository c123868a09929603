"""Homes that somebody lives in: keys and inspections (nycklar, besiktningar)."""
