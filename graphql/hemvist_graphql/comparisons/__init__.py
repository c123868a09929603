"""Comparison of kommuner, in the schema: taking part, what is given, and what all who take part have told."""
