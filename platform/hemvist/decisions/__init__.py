"""Decisions (biståndsbeslut)."""

from hemvist.decisions import closing

__all__ = ["closing"]
