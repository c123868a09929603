"""Moving open cases to another version of their guideline, by choice and with what changes."""
