"""Comparison of kommuner's told figures (jämförelse), among those that have opted in."""
