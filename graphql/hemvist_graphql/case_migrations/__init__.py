"""Moving open cases to another version, in the schema."""
