"""Papers between kommun and landlords in the schema."""
