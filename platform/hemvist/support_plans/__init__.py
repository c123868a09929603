"""Support plans (boendeplaner)."""
