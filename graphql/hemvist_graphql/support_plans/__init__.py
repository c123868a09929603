"""Support plans in the schema."""
