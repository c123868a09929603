"""Figures to steer by (nyckeltal): defined once, counted from what happened, told of nobody."""
