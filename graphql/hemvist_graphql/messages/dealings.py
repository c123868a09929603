"""Times with a landlord, names that it is told, and what a move costs: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

DEALINGS: Mapping[str, tuple[str, str]] = {
    "time_answered": (
        "Tiden har redan fått ett svar. Ladda om sidan.",
        "The time has been answered already. Reload the page.",
    ),
    "time_closed": (
        "Tiden gäller inte längre. Ladda om sidan.",
        "The time is no longer open. Reload the page.",
    ),
    "time_past": ("Tiden har passerat. Föreslå en ny.", "The time has passed. Propose another."),
    "too_far": ("Tiden får ligga högst ett år fram.", "The time may lie at most a year ahead."),
    "own_proposal": (
        "Ni föreslog tiden själva. Det är motparten som svarar.",
        "You proposed the time yourselves. The other side answers it.",
    ),
    "others_proposal": (
        "Motparten har föreslagit tiden. Svara nej på den i stället.",
        "The other side proposed the time. Decline it instead.",
    ),
    "offer_closed": (
        "Erbjudandet är avslutat. Inget mer kan bestämmas om det.",
        "The offer is closed. Nothing more can be agreed on it.",
    ),
    "nothing_withheld": (
        "Hyresvärden har redan fått veta namnet, eller så finns inget att berätta.",
        "No name is withheld from the landlord.",
    ),
    "not_to_be_told": (
        "Namnet får inte lämnas ut till hyresvärden.",
        "The name may not be told to the landlord.",
    ),
    "consent_given": (
        "Det finns redan ett samtycke som gäller.",
        "There is a consent that holds already.",
    ),
    "consent_withdrawn": (
        "Samtycket är redan återkallat.",
        "The consent has been withdrawn already.",
    ),
    "move_of_others": (
        "Flytten är mellan andra kommuner.",
        "The move is between other kommuner.",
    ),
    "move_settled": ("Flytten är redan avräknad.", "The move has been settled already."),
    "base64": (
        "Filens innehåll ska vara skrivet i base64.",
        "The file's content must be written in base64.",
    ),
}
