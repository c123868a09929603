"""Decisions that are not carried out, and their reports, in the schema."""
