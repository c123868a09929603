"""Words for codes of agreements with landlords and of quotas."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

AGREEMENT_LABELS: Mapping[str, Mapping[str, str]] = {
    "agreement_kind": {
        "cooperation": _("Samarbetsavtal"),
        "owner_directive": _("Ägardirektiv"),
        "land_deal": _("Markanvisning eller exploateringsavtal"),
        "letter_of_intent": _("Avsiktsförklaring"),
        "other": _("Annat avtal"),
    },
    "agreement_state": {
        "draft": _("Utkast"),
        "in_force": _("Gäller"),
        "ended": _("Avslutat"),
        "discarded": _("Kastat"),
    },
    "party_role": {
        "kommun": _("Kommunen"),
        "landlord": _("Hyresvärden"),
        "department": _("Förvaltning"),
        "provider": _("Stödutförare"),
        "other": _("Annan part"),
    },
    "quota_kind": {
        "number": _("Ett visst antal"),
        "owner_directive": _("Antal enligt ägardirektiv"),
        "beside_requirements": _("Antal vid sidan av hyresvärdens krav"),
        "vacated_share": _("Andel av det som blir ledigt"),
        "stock_share": _("Andel av beståndet"),
        "market_share": _("Del av behovet efter andel av marknaden"),
        "production_share": _("Andel av nyproduktionen"),
    },
    "quota_per": {
        "year": _("per år"),
        "half_year": _("per halvår"),
        "agreement": _("under avtalstiden"),
        "standing": _("hela tiden"),
    },
    "quota_force": {
        "binding": _("Bindande"),
        "target": _("Mål"),
        "observed": _("Uppskattning"),
    },
    "quota_rounding": {
        "nearest": _("närmaste hela lägenhet, halv räknas upp"),
        "up": _("alltid uppåt"),
        "down": _("alltid nedåt"),
    },
    "quota_counts": {
        "let": _("när den är uthyrd till ett hushåll"),
        "taken_in": _("när kommunen har tagit in den"),
    },
    "quota_delivered_in": {
        "any": _("var som helst"),
        "new": _("i de nya husen"),
        "existing": _("i det befintliga beståndet"),
    },
    "quota_base": {
        "vacated": _("Lägenheter som blivit lediga"),
        "stock": _("Hyresvärdens bestånd"),
        "market": _("Alla hyresvärdars bestånd"),
        "production": _("Färdigställda nya lägenheter"),
        "need": _("Kommunens behov per år"),
    },
    "meeting_state": {
        "planned": _("Planerat"),
        "held": _("Hållet"),
        "cancelled": _("Inställt"),
    },
}

AGREEMENT_ACTIONS: Mapping[str, str] = {
    "agreement.read": _("se avtal med hyresvärdar"),
    "agreement.manage": _("sköta avtal med hyresvärdar"),
    "agreement.confirm": _("godkänna avtal med hyresvärdar"),
}

AGREEMENT_FLASHES: Mapping[str, str] = {
    "agreement_opened": _(
        "Avtalet är inlagt som utkast. Det gäller när en kollega har godkänt det."
    ),
    "version_saved": _("Utkastet är sparat."),
    "version_drafted": _("Nästa version är påbörjad med allt som den gällande säger."),
    "version_confirmed": _("Versionen är godkänd. Hyresvärden får veta det."),
    "version_discarded": _("Utkastet är kastat."),
    "quota_added": _("Kvoten är inlagd i utkastet."),
    "quota_removed": _("Kvoten är borttagen ur utkastet."),
    "agreement_ended": _("Avtalets sista dag är registrerad."),
    "agreement_noted": _("Anteckningen är sparad."),
    "actual_noted": _("Hur villkoret tillämpas är antecknat."),
    "meeting_planned": _("Mötet är planerat."),
    "meeting_held": _("Mötet är antecknat."),
    "agreement_file_added": _("Dokumentet är sparat."),
    "figure_recorded": _("Uppgiften är registrerad."),
    "figure_taken_back": _("Uppgiften räknas inte längre."),
    "home_placed": _("Det är registrerat vad bostaden räknas mot."),
}
