"""Handover (överlämning) of a household after both kommuner have said yes to a protected move.

Each side has its own half. What the receiver has to know goes as one parcel, sealed to the receiving
kommun's key, from named people to named people; nobody else opens it, nor the platform's operator.
"""
