"""Secrecy between boards (sekretess mellan nämnder): what is told over a border, and consents to it."""
