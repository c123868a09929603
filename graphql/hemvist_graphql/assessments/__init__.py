"""Assessments in the schema."""
