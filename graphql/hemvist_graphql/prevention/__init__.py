"""Campaigns of prevention in the schema."""
