"""The portal for landlords: pages of its own under ``/hyresvard``, over the landlords' own schema."""

#: The first part of every address of a landlord's.
SLUG = "hyresvard"
