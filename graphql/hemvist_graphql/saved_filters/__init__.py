"""Saved filters in the schema."""
