"""Dealings with landlords in the schema, from the kommun's side."""
