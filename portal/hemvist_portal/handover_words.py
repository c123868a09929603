"""Words for handovers between kommuner after a protected move is agreed on."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

HANDOVER_LABELS: Mapping[str, Mapping[str, str]] = {
    "handover_side": {
        "sending": _("Hushållet flyttar från oss"),
        "receiving": _("Hushållet flyttar till oss"),
    },
    "handover_state": {
        "prepared": _("Uppgifterna ska lämnas"),
        "sent": _("Uppgifterna är lämnade"),
        "expected": _("Väntar på uppgifterna"),
        "opened": _("Uppgifterna är öppnade"),
        "taken_in": _("Hushållet är registrerat här"),
        "moved": _("Flytten är gjord"),
        "cancelled": _("Inställd"),
    },
    # What a handler of the kommun does next.
    "handover_next": {
        "prepared": _("Lämna uppgifterna om hushållet"),
        "sent": _("Gå igenom checklistan"),
        "expected": _("Väntar på den andra kommunens uppgifter"),
        "arrived": _("Öppna uppgifterna om hushållet"),
        "opened": _("Registrera hushållet"),
        "taken_in": _("Förbered inflyttningen"),
        "moved": _("Gå igenom checklistan"),
        "cancelled": _("Inget mer att göra"),
    },
    "handover_ground": {
        "consent": _("Samtycke (OSL 10:1 och 12:2)"),
        "osl_10_2": _("Nödvändigt för vårt eget arbete (OSL 10:2)"),
    },
    "handover_item": {
        "protected_registration": _("Skyddad folkbokföring"),
        "school": _("Skola och förskola"),
        "care": _("Vård"),
        "enforcement": _("Kronofogden"),
        "post_by_tax_agency": _("Post genom Skatteverket"),
        "phone": _("Telefon"),
        "bank": _("Bank"),
        "keys_returned": _("Nycklar återlämnade"),
        "keys_handed_over": _("Nycklar överlämnade"),
        "transport": _("Transport"),
    },
    "handover_item_state": {
        "open": _("Inte klart"),
        "done": _("Klart"),
        "not_needed": _("Behövs inte"),
    },
    "handover_text": {
        "contact": _("Så når ni hushållet säkert"),
        "language": _("Språk och tolk"),
        "children": _("Barn"),
        "care": _("Vård och stöd"),
        "threat": _("Hotet"),
        "other": _("Annat som ni behöver veta"),
    },
}
HANDOVER_FLASHES: Mapping[str, str] = {
    "handover_begun": _("Överlämningen har börjat, och du är utsedd för den."),
    "handover_done": _("Registrerat."),
    "handover_sent": _("Uppgifterna är lämnade. Bara den mottagande kommunen kan öppna dem."),
    "handover_taken_in": _("Hushållet är registrerat under ett nytt alias och har ett ärende."),
}
