"""Figures to steer by, in the schema: what was told, and for those who read cases what it is made of."""
