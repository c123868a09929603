"""Dealings between kommun and landlord (hyresvärd) on one home: times, names, answers."""
