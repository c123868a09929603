"""Asking again what was asked then: the same pack, facts and day must give the same answer."""
