"""Disclosures over secrecy borders, and consents, in the schema."""
