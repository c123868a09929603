"""Words for codes of units and reported vacancies."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

UNIT_LABELS: Mapping[str, Mapping[str, str]] = {
    "rent_part": {
        "base": _("Grundhyra"),
        "heating": _("Värme"),
        "electricity": _("El"),
        "water": _("Vatten"),
        "parking": _("Parkering"),
        "internet": _("Bredband"),
        "furniture": _("Möbler"),
        "other": _("Övriga tillägg"),
    },
    "kept_for": {
        "large": _("Stor bostad"),
        "adapted": _("Anpassad bostad"),
        "other": _("Annat skäl"),
    },
    "unit_file_kind": {"picture": _("Bild"), "plan": _("Planritning")},
    "unit_cause": {
        "registered": _("Registrerad"),
        "taken_in": _("Tagen emot"),
        "offer_made": _("Erbjuden"),
        "offer_accepted": _("Erbjudandet accepterat"),
        "offer_declined": _("Erbjudandet avböjt"),
        "offer_withdrawn": _("Erbjudandet återtaget"),
        "offer_expired": _("Erbjudandet förfallet"),
        "contract_signed": _("Kontrakt skrivet"),
        "contract_ended": _("Kontraktet upphört"),
        "taken_over": _("Överlåten"),
        "given_back": _("Återlämnad"),
        "known_before": _("Känd sedan tidigare"),
    },
    #: As the landlord reads them.
    "vacancy_state": {
        "reported": _("Väntar på svar"),
        "taken_in": _("Mottagen"),
        "declined": _("Avböjd"),
        "withdrawn": _("Återtagen"),
    },
    "vacancy_decline": {
        "not_needed": _("Behövs inte nu"),
        "too_expensive": _("För hög hyra"),
        "too_small": _("För liten"),
        "not_accessible": _("Inte tillgänglig nog"),
        "poor_condition": _("För dåligt skick"),
        "area_not_agreed": _("Området ingår inte i avtalet"),
        "outside_agreement": _("Ingår inte i avtalet"),
        "already_known": _("Redan känd"),
        "other": _("Annat skäl"),
    },
    "vacancy_file_state": {
        "read": _("Förhandsvisning"),
        "imported": _("Anmäld"),
        "discarded": _("Kastad"),
    },
}

UNIT_FLASHES: Mapping[str, str] = {
    "unit_changed": _("Uppgifterna om bostaden är sparade."),
    "unit_kept": _("Det är sparat om bostaden ska återanvändas."),
    "unit_given_back": _("Bostaden är återlämnad."),
    "unit_file_added": _("Filen är sparad."),
    "unit_file_removed": _("Filen är borttagen."),
    "vacancy_reported": _("Bostaden är anmäld. Kommunen svarar här."),
    "vacancy_withdrawn": _("Anmälan är återtagen."),
    "vacancies_answered": _("Anmälningarna är besvarade. Hyresvärden ser det nu."),
    "list_read": _("Listan är läst. Inget är anmält än: granska och anmäl de rader som stämmer."),
    "list_imported": _("Raderna är anmälda. Kommunen svarar på varje bostad."),
    "list_discarded": _("Listan är kastad."),
}
