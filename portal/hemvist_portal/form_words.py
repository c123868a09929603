"""Words for authorities' forms."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

FORM_LABELS: Mapping[str, Mapping[str, str]] = {
    "authority_form_state": {
        "counting": _("Räknas"),
        "draft": _("Utkast"),
        "ready": _("Klar att skicka"),
        "sent": _("Skickad"),
    },
    "form_due": {
        "later": _("Öppnar senare"),
        "open": _("Kan lämnas nu"),
        "closed": _("Sista dag har passerat"),
    },
    "form_reach": {
        "own": _("förvaltningens egna ärenden"),
        "disclosed": _("ärenden som är utlämnade till förvaltningen"),
    },
    "form_unit": {
        "homes": _("bostäder"),
        "households": _("hushåll"),
        "persons": _("personer"),
        "children": _("barn"),
        "guarantees": _("garantier"),
        "decisions": _("beslut"),
        "cases": _("ärenden"),
        "ore": _("kronor"),
    },
}
FORM_ACTIONS: Mapping[str, str] = {
    "authority_form.prepare": _("göra i ordning myndigheternas blanketter"),
    "authority_form.release": _("göra en blankett klar och markera den som skickad"),
}
FORM_FLASHES: Mapping[str, str] = {
    "form_prepared": _("Blanketten räknas. Läs in sidan igen om en stund."),
    "form_answered": _("Svaren är sparade."),
    "form_unchanged": _("Inget svar var ändrat."),
    "form_ready": _("Blanketten är klar. Talen ändras inte mer."),
    "form_sent": _("Blanketten är markerad som skickad."),
}
