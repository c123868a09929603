"""Notices inside the portal."""
