"""Me in the schema."""
