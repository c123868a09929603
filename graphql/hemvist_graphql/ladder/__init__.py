"""Ladders of tenancies in trouble in the schema."""
