"""Protected moves in the schema, for the kommun's own transfer function."""
