"""The core's own words of the ladder's steps, where a guideline has none, and their law."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist.policy import Label

LABELS: Mapping[str, Label] = {
    "talk": Label("Samtal med hyresgästen", "A talk with the tenant"),
    "demand": Label("Skriftlig rättelseanmaning", "Written demand to mend"),
    "board": Label("Underrätta socialnämnden", "Notify the social board"),
    "meeting": Label("Gemensamt möte med alla kallade", "Joint meeting with everybody called"),
    "plan": Label("Handlingsplan för att bo kvar", "Action plan for staying in the home"),
    "notice": Label("Uppsägning", "Notice"),
    "eviction": Label("Avhysning hos Kronofogden", "Eviction at Kronofogden"),
    "move_out": Label(
        "Avflyttning med stöd tills nycklarna är inlämnade",
        "Move-out, with support until the keys are in",
    ),
    "new_offer": Label("Ny bostad eller inte", "Another home or not"),
}
#: What the law asks, beside the guideline.
CITES: Mapping[str, tuple[str, ...]] = {
    "demand": ("JB 12:25 a", "JB 12:42"),
    "board": ("JB 12:25 a", "JB 12:42"),
    "notice": ("JB 12:42", "JB 12:44"),
    "eviction": ("SFS 2025:468 11:3",),
}
#: What the record itself shows to be missing, with the law it rests on.
RECORD: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "eviction_not_confirmed": (
        Label(
            "Bekräfta avhysningsdagen för Kronofogden samma dag, med handläggarens namn",
            "Confirm the eviction date to Kronofogden the same day, naming the caseworker",
        ),
        ("SFS 2025:468 11:3",),
    ),
    "notice_running": (
        Label("Uppsägningstiden löper än", "The notice has not run out yet"),
        ("JB 12:4",),
    ),
    "not_told_of_housing": (
        Label(
            "Hushållet ska få veta hur man söker annat boende",
            "The household is to be told how to apply for other housing",
        ),
        (),
    ),
    "keys_out": (
        Label(
            "Nycklarna är inte inlämnade; stödet fortsätter till dess",
            "The keys are not in; until then the support goes on",
        ),
        (),
    ),
}
