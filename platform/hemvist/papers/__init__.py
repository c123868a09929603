"""Papers (handlingar) that kommun and landlord send each other."""
