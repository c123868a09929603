"""Assessments (utredning, bedömning)."""
