"""Rents that landlords report unpaid (hyresskulder), and what the law gives time for."""
