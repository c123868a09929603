"""Notices in the schema."""
