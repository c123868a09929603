"""Words for codes of dealings between kommun and landlord."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

DEALING_LABELS: Mapping[str, Mapping[str, str]] = {
    "landlord_offer_state": {
        "made": _("Väntar på kommunens svar"),
        "accepted": _("Accepterat"),
        "declined": _("Tackat nej"),
        "withdrawn": _("Taget tillbaka"),
        "expired": _("Har gått ut"),
    },
    "dealing_time_kind": {"viewing": _("Visning"), "signing": _("Kontraktsskrivning")},
    "dealing_time_state": {
        "proposed": _("Föreslagen"),
        "agreed": _("Bestämd"),
        "declined": _("Avböjd"),
        "withdrawn": _("Tillbakatagen"),
    },
    "meeting_place": {
        "home": _("I bostaden"),
        "landlord_office": _("Hos hyresvärden"),
        "kommun_office": _("Hos kommunen"),
        "remote": _("På distans"),
    },
    "home_must": {
        "lift": _("hiss"),
        "step_free": _("utan trappsteg"),
        "adapted": _("anpassad bostad"),
    },
    "tenancy_kind": {
        "sublease": _("Andrahand, kommunen hyr ut"),
        "first_hand": _("Förstahand, med er"),
        "three_party": _("Tre parter"),
    },
    "tenancy_state": {"signed": _("Pågår"), "ended": _("Har upphört")},
    "landlord_takeover_state": {
        "waiting": _("Inte aktuell nu"),
        "asked": _("Väntar på ert svar"),
        "agreed": _("Ni har sagt ja"),
        "refused": _("Nej"),
        "tribunal": _("Hos hyresnämnden"),
        "done": _("Överlåtet"),
    },
    "takeover_reply": {"yes": _("Ja"), "no": _("Nej"), "later": _("Inte nu, men senare")},
    "name_standing": {
        "shown": _("Hyresvärden ser namnet"),
        "due": _("Hyresvärden får se namnet inom kort"),
        "waits_for_step": _("Hyresvärden ser ett alias"),
        "waits_for_consent": _("Hyresvärden ser ett alias tills hushållet samtycker"),
        "protected": _("Skyddade personuppgifter: hyresvärden ser bara ett alias"),
        "withheld": _("Namnet har dolts efter skydd och visas inte av sig självt igen"),
        "never": _("Hyresvärden ser alltid ett alias"),
    },
}
DEALING_FLASHES: Mapping[str, str] = {
    "time_proposed": _("Tiden är föreslagen."),
    "time_agreed": _("Tiden är bestämd."),
    "time_declined": _("Tiden är avböjd."),
    "time_withdrawn": _("Tiden är tillbakatagen."),
    "household_chosen": _("Ert val är skickat. Kommunen ger erbjudandet."),
    "takeover_replied": _("Ert svar är skickat."),
    "name_consent_given": _("Samtycket är registrerat."),
    "name_consent_withdrawn": _("Samtycket är återtaget."),
    "name_told_again": _("Hyresvärden ser namnet igen."),
}
