"""What the engine was asked and what it answered, kept so that it can be asked again."""
