"""Contracts (kontrakt)."""
