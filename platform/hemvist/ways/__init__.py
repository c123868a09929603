"""The way from the decision on support to a lease of one's own, station by station."""
