"""The log reviewer's part of the API."""
