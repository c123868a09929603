"""The tenant in which the landlords' people log in. It is no kommun and holds no case."""

from __future__ import annotations

from uuid import UUID

#: Made by migration 0027, the same on every instance.
PLATFORM_TENANT = UUID("0197a000-0000-7000-8000-000000000001")
#: First part of the addresses of the landlords' pages, and the name of their login.
PLATFORM_SLUG = "hyresvard"
#: No kommun has this code.
PLATFORM_CODE = "0000"
PLATFORM_NAME = "Hyresvärdar"
