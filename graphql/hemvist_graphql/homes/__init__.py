"""Keys and inspections in the schema."""
