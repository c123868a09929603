"""Follow ups in the schema."""
