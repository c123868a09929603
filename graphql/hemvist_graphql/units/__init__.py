"""Units in the schema."""
