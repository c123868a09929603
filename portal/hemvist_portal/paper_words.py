"""Words for papers between kommun and landlord, and for what landlords report."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

PAPER_LABELS: Mapping[str, Mapping[str, str]] = {
    "paper_kind": {
        "agreement": _("Avtal"),
        "plan": _("Ritning"),
        "protocol": _("Protokoll"),
        "invoice": _("Faktura"),
        "rents": _("Hyresfil"),
        "terms": _("Villkor"),
        "other": _("Annat"),
    },
    "paper_state": {
        "there": _("Finns"),
        "taken_back": _("Tillbakatagen"),
        "read_in": _("Inläst av kommunen"),
    },
    "landlord_cover": {
        "rent": _("Obetald hyra"),
        "condition": _("Skador i bostaden"),
    },
    "landlord_claim_state": {
        "received": _("Väntar på beslut"),
        "approved": _("Godkänt"),
        "refused": _("Avslaget"),
        "paid": _("Betalt"),
    },
    "paper_direction": {
        "to_landlord": _("Till hyresvärden"),
        "to_kommun": _("Från hyresvärden"),
    },
}

PAPER_FLASHES: Mapping[str, str] = {
    "landlord_reported": _("Anmälan är skickad. Kommunens klocka går."),
    "report_added_to": _("Tillägget är skickat."),
    "paper_sent": _("Handlingen är skickad."),
    "paper_taken_back": _("Handlingen är tillbakatagen och filen är borta."),
    "landlord_claimed": _("Kravet är skickat. Kommunen beslutar om det."),
    "paper_read_in": _("Hyresfilen är inläst. Gå igenom raderna här innan den importeras."),
}

#: What a right is called when somebody lacks it.
PAPER_ACTIONS: Mapping[str, str] = {
    "papers.share": _("skicka och läsa handlingar till och från hyresvärdar"),
    "landlord.report": _("anmäla som hyresvärd"),
    "landlord.claim": _("ställa krav som hyresvärd"),
}
