"""Closed circles (slutna kretsar) round cases, and the break-glass that opens one for a time."""
