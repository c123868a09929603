"""What watches (övervakaren): looks at broker, database, kommuner and backups from outside, and tells.

A process of its own, ``hemvist watch run``: what has stopped cannot say so itself. Numbers, instants,
slugs and ids alone. See docs/telemetry.md and decision 0056.
"""
