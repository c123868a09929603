"""Agreements (samarbetsavtal) with landlords: parties, terms, versions, meetings, documents."""
