"""Decisions in the schema."""
