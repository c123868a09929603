"""Weekly digests in the schema."""
