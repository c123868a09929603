"""Keeping and thinning (bevarande och gallring) in the API."""
