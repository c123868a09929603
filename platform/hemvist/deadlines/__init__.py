"""Obligations with due dates."""
