"""Vacancies that landlords report (anmälda lediga bostäder), and taking them in."""
