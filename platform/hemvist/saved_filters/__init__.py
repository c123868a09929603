"""Saved filters (sparade urval) of lists."""
