"""Offers in the schema."""
