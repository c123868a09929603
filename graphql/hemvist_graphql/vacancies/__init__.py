"""Reported vacancies in the schema."""
