"""Closed circles and break-glass in the schema."""
