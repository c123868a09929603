"""The web edge: what every request passes before it reaches a page or the API."""
