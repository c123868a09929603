"""Requests between kommuner in the schema."""
