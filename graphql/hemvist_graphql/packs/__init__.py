"""Packs in the schema."""
