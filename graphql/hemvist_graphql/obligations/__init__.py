"""Obligations in the schema."""
