"""Forecasts of next year's need, in the schema."""
