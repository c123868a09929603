"""Calendar feeds in the schema."""
