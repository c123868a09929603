"""Words for requests between kommuner."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

KOMMUN_REQUEST_LABELS: Mapping[str, Mapping[str, str]] = {
    "kommun_request_kind": {
        "application": _("Ansökan i annan kommun (SoL 29:7)"),
        "takeover": _("Begäran om överflyttning av ärende (SoL 29:10)"),
    },
    "kommun_request_direction": {
        "outgoing": _("Från oss till en annan kommun"),
        "incoming": _("Från en annan kommun till oss"),
    },
    "kommun_request_state": {
        "drafted": _("Förberedd"),
        "waiting": _("Väntar på svar"),
        "agreed": _("Ja, ska genomföras"),
        "refused": _("Nej"),
        "with_ivo": _("Hos IVO"),
        "moved_by_ivo": _("IVO flyttar ärendet"),
        "kept_by_ivo": _("IVO flyttar inte ärendet"),
        "carried_over": _("Genomförd"),
        "withdrawn": _("Återtagen"),
    },
    "kommun_request_wish": {
        "wants": _("Vill det själv"),
        "accepts": _("Har inget emot det"),
        "objects": _("Vill inte"),
        "not_asked": _("Är inte tillfrågad än"),
    },
    "kommun_request_step": {
        "opened": _("Registrerad"),
        "sent": _("Skickad"),
        "arrived": _("Kom in till den andra kommunen"),
        "assistance_asked": _("Hjälp med utredningen begärd"),
        "assistance_given": _("Hjälp med utredningen lämnad"),
        "agreed": _("Ja"),
        "refused": _("Nej"),
        "ivo_applied": _("Ansökan till IVO"),
        "ivo_decided": _("IVO:s beslut"),
        "data_handed_over": _("Uppgifter överlämnade"),
        "data_received": _("Uppgifter mottagna"),
        "carried_over": _("Genomförd"),
        "handler_named": _("Ny handläggare utsedd"),
        "withdrawn": _("Återtagen"),
    },
    "kommun_request_ground": {
        "sol_29_12": _("Följer med ärendet (SoL 29:12)"),
        "sol_29_9": _("Hjälp med den andra kommunens utredning (SoL 29:9)"),
        "consent": _("Samtycke (OSL 10:1, 12:2)"),
        "osl_10_2": _("Nödvändigt för vårt eget arbete (OSL 10:2)"),
    },
    "kommun_request_field": {
        "identity": _("Vem personen är"),
        "members": _("Hushållets medlemmar"),
        "protection": _("Skyddade personuppgifter"),
        "contacts": _("Kontaktvägar"),
        "investigation": _("Utredningen"),
        "decisions": _("Beslut"),
        "support_plan": _("Planen för stödet"),
        "health": _("Hälsa"),
        "threat": _("Hotbilden"),
    },
    "ivo_outcome": {
        "moved": _("Ärendet flyttas över"),
        "kept": _("Ärendet flyttas inte över"),
        "dismissed": _("Ansökan avvisas"),
    },
}
KOMMUN_REQUEST_FLASHES: Mapping[str, str] = {
    "kommun_request_opened": _("Begäran är registrerad."),
    "kommun_request_moved": _("Begäran är uppdaterad."),
}
