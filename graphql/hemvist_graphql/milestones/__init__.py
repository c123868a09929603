"""Milestones in the schema."""
