"""Words for keeping and thinning."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

RETENTION_LABELS: Mapping[str, Mapping[str, str]] = {
    "thinning_state": {
        "requested": _("Räknas fram"),
        "proposed": _("Väntar på godkännande"),
        "approved": _("Godkänd"),
        "running": _("Gallras"),
        "done": _("Genomförd"),
        "withdrawn": _("Återtagen"),
    },
    "thinning_item": {
        "waiting": _("Ska gallras"),
        "thinned": _("Gallrat"),
        "left": _("Kvar"),
    },
    # Why a case goes, waits or is kept.
    "retention_rule": {
        "after_last_note": _("Tiden efter den sista anteckningen"),
        "child_inquiry": _("Tiden tills barnet i en utredning om skydd är vuxet"),
        "hold": _("Gallringsstopp"),
        "child_placement": _("Det handlar om ett barn som har placerats utanför hemmet"),
        "research_county": _("Länet bevarar allt för forskning"),
        "research_kommun": _("Kommunen bevarar allt för forskning"),
        "research_birth_day": _("Någon i hushållet är född en dag som bevaras för forskning"),
        "kommun_keeps": _("Kommunens egen riktlinje bevarar"),
    },
    # The same over all closed cases, with what becomes of them.
    "retention_judged": {
        "after_last_note": _("Ska gallras: tiden efter den sista anteckningen har gått"),
        "child_inquiry": _("Ska gallras: barnet i en utredning om skydd är vuxet"),
        "not_due": _("Väntar: tiden är inte inne"),
        "hold": _("Stoppade"),
        "child_placement": _("Bevaras: barn som har placerats utanför hemmet"),
        "research_county": _("Bevaras: länet bevarar allt för forskning"),
        "research_kommun": _("Bevaras: kommunen bevarar allt för forskning"),
        "research_birth_day": _("Bevaras: någon är född en dag som bevaras för forskning"),
        "kommun_keeps": _("Bevaras: kommunens egen riktlinje"),
    },
    "retention_left": {
        "not_due": _("En ny anteckning har kommit"),
        "open": _("Ärendet är öppet igen"),
        "gone": _("Ärendet fanns inte längre"),
        "in_use": _("Ett annat ärende hänvisar till det, eller det stoppades i sista stund"),
        "stopped": _("Gallringen stoppades"),
        "other_case": _("Listan pekar på ett annat ärende"),
        "hold": _("Gallringsstopp"),
        "child_placement": _("Det handlar om ett barn som har placerats utanför hemmet"),
        "research_county": _("Länet bevarar allt för forskning"),
        "research_kommun": _("Kommunen bevarar allt för forskning"),
        "research_birth_day": _("Någon i hushållet är född en dag som bevaras för forskning"),
        "kommun_keeps": _("Kommunens egen riktlinje bevarar"),
    },
    "retention_fate": {
        "thin": _("Ska gallras"),
        "wait": _("Väntar"),
        "held": _("Stoppat"),
        "keep": _("Bevaras"),
    },
    "retention_mark": {
        "hold": _("Gallringsstopp"),
        "child_placement": _("Barn placerat utanför hemmet"),
        "child_inquiry": _("Utredning om ett barns skydd"),
    },
    # What a thinning takes, by kind.
    "thinning_kind": {
        "cases": _("Ärenden och händelser i dem"),
        "households": _("Hushåll och personer"),
        "inquiries": _("Utredning, bedömningar och remisser"),
        "decisions": _("Beslut och överklaganden"),
        "offers": _("Erbjudanden och matchning"),
        "contracts": _("Kontrakt, nycklar och besiktningar"),
        "guarantees": _("Hyresgarantier"),
        "rents": _("Hyror, skulder och vräkningsförebyggande"),
        "incidents": _("Händelser i boendet och åtgärder"),
        "support": _("Stöd, planer och uppföljning"),
        "moves": _("Flyttar och andra kommuner"),
        "secrecy": _("Sekretess, samtycken och stopp"),
        "letters": _("Brev, handlingar och notiser"),
    },
}
RETENTION_FLASHES: Mapping[str, str] = {
    "thinning_proposed": _("Hemvist räknar nu fram vad som ska gallras. Inget tas bort."),
    "thinning_approved": _("Gallringen är godkänd och börjar."),
    "thinning_stopped": _("Gallringen är avslutad."),
    "mark_placed": _("Det är sparat. Ärendet gallras inte så länge det gäller."),
    "mark_lifted": _("Hindret är hävt."),
}
RETENTION_ACTIONS: Mapping[str, str] = {
    "retention.read": _("se vad som gallras"),
    "retention.propose": _("föreslå gallring"),
    "retention.approve": _("godkänna gallring"),
    "retention.hold": _("hindra att ett ärende gallras"),
}
