"""Kommuner's guidelines as policy packs: one folder per guideline, found by its ``pack.yaml``.

``coverage.csv`` lists every id of the rule catalogue with what carries it, or why software does not.
"""
