"""Words for closed circles, break-glass, consents and disclosures."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

SECRECY_LABELS: Mapping[str, Mapping[str, str]] = {
    "opening_state": {
        "open": _("Väntar på granskning"),
        "approved": _("Godkänd"),
        "questioned": _("Ifrågasatt"),
    },
    "disclosure_ground": {
        "consent": _("Samtycke (OSL 10:1, 12:2)"),
        "necessity": _("Nödvändigt för vårt eget arbete (OSL 10:2)"),
        "statutory_duty": _("Lag eller förordning kräver det (OSL 10:28)"),
    },
    "disclosure_recipient": {
        "board": _("Annan nämnd i kommunen"),
        "authority": _("Annan myndighet"),
        "kommun": _("Annan kommun"),
        "landlord": _("Hyresvärd"),
        "provider": _("Utförare"),
        "other": _("Någon annan"),
    },
    "disclosure_field": {
        "identity": _("Vem personen är"),
        "address": _("Adress"),
        "contact": _("Kontaktvägar"),
        "household": _("Hushållets medlemmar"),
        "housing_need": _("Behovet av bostad"),
        "health": _("Hälsa"),
        "economy": _("Ekonomi"),
        "assessment": _("Bedömningen"),
        "decision": _("Beslut"),
        "support": _("Stödet"),
        "protection": _("Skyddade personuppgifter"),
    },
    "consent_given": {
        "written": _("Skriftligt"),
        "signed_electronically": _("Undertecknat elektroniskt"),
        "oral": _("Muntligt"),
    },
}
SECRECY_ACTIONS: Mapping[str, str] = {
    "circle.keep": _("sluta ärenden till en krets"),
    "glass.break": _("nödöppna ett slutet ärende"),
    "glass.review": _("granska nödöppningar"),
    "log.review": _("granska loggen"),
    "figures.read": _("se siffror"),
    "log.figures": _("se loggranskningen i siffror"),
    "consent.register": _("registrera samtycken"),
    "secrecy.disclose": _("anteckna vad som lämnas ut"),
}
SECRECY_FLASHES: Mapping[str, str] = {
    "circle_closed": _("Ärendet är slutet. Bara kretsen ser det."),
    "circle_changed": _("Kretsen är ändrad."),
    "circle_lifted": _("Kretsen är upphävd. Ärendet syns som andra ärenden."),
    "circle_left": _("Du är inte längre med i kretsen och ser inte ärendet."),
    "glass_broken": _("Ärendet är öppet för dig en tid. Chefen och kretsen har fått veta det."),
    "opening_reviewed": _("Granskningen är sparad."),
    "consent_registered": _("Samtycket är registrerat."),
    "consent_withdrawn": _("Återtagandet är registrerat. Inget lämnas längre ut på samtycket."),
    "disclosure_noted": _("Det som lämnas ut är antecknat."),
}
