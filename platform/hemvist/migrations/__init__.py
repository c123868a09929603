"""Schema migrations: tables, row-security policies, grants."""
