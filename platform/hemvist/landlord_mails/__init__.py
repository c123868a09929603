"""Mails to landlords' people: that something waits for them, and nothing of what it is about."""
