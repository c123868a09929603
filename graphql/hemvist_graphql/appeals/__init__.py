"""Appeals in the schema."""
