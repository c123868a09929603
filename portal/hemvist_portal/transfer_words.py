"""Words for protected moves between kommuner."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist_portal.wording import mark as _

TRANSFER_LABELS: Mapping[str, Mapping[str, str]] = {
    "transfer_urgency": {"acute": _("Akut"), "high": _("Hög"), "normal": _("Normal")},
    "transfer_state": {
        "prepared": _("Väntar på funktionen"),
        "open": _("I nätverket"),
        "proposed": _("Har ett förslag"),
        "agreed": _("Överenskommen"),
        "moved": _("Flyttad"),
        "withdrawn": _("Återtagen"),
    },
    "transfer_offer_state": {
        "offered": _("Erbjuden"),
        "proposed": _("I ett förslag"),
        "agreed": _("Överenskommen"),
        "taken": _("Inflyttad"),
        "withdrawn": _("Inte längre erbjuden"),
    },
    "transfer_proposal_state": {
        "proposed": _("Väntar på vårt svar"),
        "accepted": _("Vi har sagt ja"),
        "refused": _("Vi har sagt nej"),
        "expired": _("Svarstiden gick ut"),
        "withdrawn": _("Återtaget av oss"),
        "failed": _("Blir inte av"),
        "agreed": _("Båda har sagt ja"),
        "cancelled": _("Inställt"),
        "moved": _("Flytten är gjord"),
    },
    "transfer_side": {
        "sending": _("Vårt hushåll kan få flytta"),
        "receiving": _("Ett hushåll kan få flytta hit"),
    },
    "transfer_refusal": {
        "threat_near": _("Hotet finns nära"),
        "household_declines": _("Hushållet vill inte"),
        "flat_unfit": _("Bostaden passar inte"),
        "network_of_threat": _("Hotet har kontakter där"),
        "no_support": _("Stödet finns inte"),
        "flat_gone": _("Bostaden är inte kvar"),
        "capacity": _("Vi hinner inte ta emot"),
        "other": _("Annat"),
    },
    "transfer_withdrawal": {
        "household_declines": _("Hushållet vill inte"),
        "solved_otherwise": _("Löst på annat sätt"),
        "threat_changed": _("Hotet har ändrats"),
        "own_error": _("Fel av oss"),
    },
    "transfer_offer_end": {
        "own_need": _("Behövs här"),
        "unfit": _("Inte beboelig"),
        "not_vacant": _("Inte ledig"),
    },
    # Networks have codes of their own, too: those are shown as they are.
    "transfer_service": {
        "school": _("skola"),
        "psychiatry": _("psykiatri"),
        "sheltered_care": _("skyddat boende"),
        "care": _("vård"),
    },
    "transfer_event": {
        "looked": _("sett"),
        "reconstructed": _("sett hur ett förslag kom till"),
        "named": _("utsett"),
        "ended": _("avslutat"),
        "prepared": _("förberett"),
        "opened": _("öppnat"),
        "withdrawn": _("tagit tillbaka"),
        "override": _("bett om en viss kommun"),
        "offered": _("erbjudit"),
        "accepted": _("svarat ja"),
        "refused": _("svarat nej"),
        "moved": _("registrerat inflyttningen"),
        "begun": _("börjat en överlämning"),
        "handler_named": _("utsett till en överlämning"),
        "handler_ended": _("avslutat i en överlämning"),
        "item_done": _("skött en rad i checklistan"),
        "item_not_needed": _("strukit en rad i checklistan"),
        "item_open": _("öppnat en rad i checklistan"),
        "sent": _("lämnat uppgifterna"),
        "parcel_opened": _("öppnat uppgifterna"),
        "parcel_read": _("läst uppgifterna"),
        "taken_in": _("tagit emot hushållet"),
    },
    "transfer_role": {"operative": _("Handlägger"), "manager": _("Ansvarar")},
}
TRANSFER_ACTIONS: Mapping[str, str] = {
    "transfer.name": _("utse personer för skyddade flyttar"),
    "transfer.prepare": _("förbereda en begäran om skyddad flytt"),
    "transfer.open": _("öppna en begäran om skyddad flytt i nätverket"),
    "transfer.withdraw": _("ta tillbaka en begäran om skyddad flytt"),
    "transfer.offer": _("erbjuda nätverket en bostad"),
    "transfer.answer": _("svara på förslag till skyddad flytt"),
    "transfer.override": _("be om ett förslag vid sidan av planen"),
    "transfer.read": _("läsa om skyddade flyttar"),
}
TRANSFER_FLASHES: Mapping[str, str] = {
    "transfer_prepared": _("Begäran är förberedd. Någon i funktionen öppnar den."),
    "transfer_done": _("Registrerat."),
}
