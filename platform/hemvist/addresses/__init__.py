"""The address of a protected household: withheld, and shown by a deliberate act for a short time."""
