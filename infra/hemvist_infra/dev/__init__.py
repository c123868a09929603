"""``make run``: everything a developer or a visitor needs, started and stopped as one."""
