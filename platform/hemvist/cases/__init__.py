"""Cases (ärenden) and their timeline."""
