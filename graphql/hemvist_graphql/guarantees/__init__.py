"""Guarantees in the schema."""
