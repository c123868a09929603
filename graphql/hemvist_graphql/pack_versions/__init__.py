"""Versions of guidelines in the schema."""
