"""Decisions (biståndsbeslut)."""
