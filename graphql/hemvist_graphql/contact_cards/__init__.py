"""Contact cards in the schema."""
