"""Words of comparisons with other kommuner."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

COMPARISON_LABELS: Mapping[str, Mapping[str, str]] = {
    "sharing_state": {
        "proposed": _("Föreslaget"),
        "open": _("Kommunen är med"),
        "ended": _("Kommunen är inte med"),
    },
}
COMPARISON_FLASHES: Mapping[str, str] = {
    "comparison_proposed": _("Förslaget väntar på att någon annan godkänner det. Inget lämnas ut."),
    "comparison_joined": _("Kommunen är med. De andras siffror visas inom någon minut."),
    "comparison_left": _(
        "Det är avslutat. Kommunens siffror försvinner från de andras sidor inom någon minut."
    ),
}
COMPARISON_ACTIONS: Mapping[str, str] = {
    "sharing.propose": _("föreslå jämförelse med andra kommuner"),
    "sharing.agree": _("godkänna jämförelse med andra kommuner"),
}
