"""Incidents and clocks of service in the schema."""
