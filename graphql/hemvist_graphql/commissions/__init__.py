"""Commissions in the schema."""
