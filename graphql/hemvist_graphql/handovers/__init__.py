"""Handovers after a protected move is agreed on, for those who are named for them."""
