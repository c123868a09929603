"""Replays in the schema."""
