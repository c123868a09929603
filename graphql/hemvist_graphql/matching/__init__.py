"""Matching in the schema."""
