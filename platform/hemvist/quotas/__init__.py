"""Quotas (kvoter): what was agreed, reckoned for a period, beside what the record shows."""
