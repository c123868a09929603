"""What a landlord (hyresvärd) is to be told of, written with the act itself."""

from hemvist.landlord_events.service import tell_landlord
from hemvist.landlord_events.types import EVENT_RECORDED, TYPES

__all__ = ["EVENT_RECORDED", "TYPES", "tell_landlord"]
