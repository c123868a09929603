"""Kommuner that are not on the platform: a package that a person sends, and the answer that comes back."""
