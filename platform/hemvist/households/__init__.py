"""Households and persons (hushåll, personer)."""
