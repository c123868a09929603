"""Takeovers of leases in the schema."""
