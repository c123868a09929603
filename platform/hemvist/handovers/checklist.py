"""What has to be seen to when a threatened household moves, on either side."""

from __future__ import annotations

#: By side. Each is done, or was not needed, by a named handler.
ITEMS: dict[str, tuple[str, ...]] = {
    "sending": (
        # Skyddad folkbokföring: the household applies before anything shows a new address.
        "protected_registration",
        "school",
        "care",
        "enforcement",
        "post_by_tax_agency",
        "phone",
        "bank",
        "keys_returned",
        "transport",
    ),
    "receiving": (
        "protected_registration",
        "school",
        "care",
        "enforcement",
        "post_by_tax_agency",
        "phone",
        "bank",
        "keys_handed_over",
        "transport",
    ),
}
#: Nobody moves in before these are settled.
BEFORE_MOVING_IN = ("protected_registration", "keys_handed_over", "transport")
ITEM_STATES = ("open", "done", "not_needed")
