"""Letters in the schema."""
