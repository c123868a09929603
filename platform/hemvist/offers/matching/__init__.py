"""Matching (matchning): which vacant home to which waiting household, and why not to another."""
