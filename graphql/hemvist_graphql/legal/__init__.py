"""What the law says, in the schema."""
