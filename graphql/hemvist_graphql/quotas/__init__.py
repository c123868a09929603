"""Quotas in the schema."""
