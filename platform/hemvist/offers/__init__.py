"""Offers (erbjudanden)."""
