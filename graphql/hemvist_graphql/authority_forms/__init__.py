"""Authorities' forms in the schema."""
