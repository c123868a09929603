"""Words for the log review."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

LOG_LABELS: Mapping[str, Mapping[str, str]] = {
    "look_state": {
        "open": _("Att granska"),
        "signed_off": _("Godkänd"),
        "matter": _("Utreds"),
        "founded": _("Obehörig"),
        "unfounded": _("Behörig"),
    },
    "look_reason": {
        "break_glass": _("Nödöppning"),
        "own_family_name": _("Samma efternamn"),
        "colleague": _("Kollega"),
        "same_address": _("Granne"),
        "closed_circle": _("Slutet ärende"),
        "many_looks": _("Ovanligt många slagningar"),
        "night": _("På natten"),
        "refused": _("Många nekade försök"),
    },
    "log_kind": {"read": _("Läst"), "write": _("Ändrat"), "refused": _("Nekat")},
    "log_channel": {
        "portal": _("Portalen"),
        "api": _("Annat system"),
        "landlord": _("Hyresvärd"),
        "calendar": _("Kalender"),
        "system": _("Hemvist"),
    },
}
LOG_FLASHES: Mapping[str, str] = {
    "look_reviewed": _("Granskningen är sparad."),
    "address_stated": _("Adressen jämförs från nästa stickprov. Bara ett avtryck är sparat."),
}
