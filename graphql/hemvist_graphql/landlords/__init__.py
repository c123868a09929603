"""Landlords' access to the kommun, and invitations of their people."""
