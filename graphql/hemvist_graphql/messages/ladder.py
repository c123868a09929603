"""What is wrong with an act on a ladder, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

LADDER: Mapping[str, tuple[str, str]] = {
    "ladder_open": (
        "Ärendet har redan en pågående åtgärdstrappa.",
        "The case has an open ladder already.",
    ),
    "ladder_over": ("Åtgärdstrappan är avslutad.", "The ladder has ended."),
    "not_asked_here": (
        "Frågan ställs inte inför något steg här.",
        "That is not asked before any step here.",
    ),
    "not_our_lease": (
        "Hushållet hyr av någon annan än kommunen. Registrera vad hyresvärden har gjort.",
        "The household rents of somebody else. Register what the landlord has done.",
    ),
    "our_lease": (
        "Kommunen är hyresvärd. Ge uppsägningen här.",
        "The kommun is the landlord. Give the notice here.",
    ),
    "way_missing": (
        "Riktlinjen kräver också {sv}.",
        "The guideline asks for {en} too.",
    ),
    "party_needed": (
        "Det här ska också vara med: {sv}.",
        "This is needed too: {en}.",
    ),
    "not_called_for": (
        "Enligt riktlinjen är det inte läge för steget: {sv}. Skriv varför du ändå tar det.",
        "By the guideline the step is not called for: {en}. Say why you take it all the same.",
    ),
    "board_told": (
        "Socialnämnden har redan underrättats.",
        "The social board has been told already.",
    ),
    "alone": ("Kalla någon mer än hyresgästen.", "Call somebody besides the tenant."),
    "meeting_called": (
        "Ett möte är redan kallat. Registrera det eller ställ in det först.",
        "A meeting has been called. Register it or call it off first.",
    ),
    "meeting_over": (
        "Mötet är redan hållet eller inställt.",
        "The meeting has been held or called off.",
    ),
    "absence_reason": (
        "Skriv varför den som kallades inte kom.",
        "Say why somebody who was called did not come.",
    ),
    "action_settled": ("Åtgärden är redan avslutad.", "The action has been settled."),
    "plan_running": (
        "Handlingsplanen har åtgärder som ännu har tid kvar. Skriv varför du säger upp ändå.",
        "Actions of the plan still have time. Say why you give notice all the same.",
    ),
    "notice_stands": (
        "Kontraktet är redan uppsagt. Ta tillbaka uppsägningen först.",
        "Notice has been given. Take it back first.",
    ),
    "no_eviction_date": (
        "Kronofogden har inte bestämt någon dag.",
        "Kronofogden has set no day.",
    ),
    "eviction_running": (
        "En ansökan om avhysning pågår. Dra tillbaka den först.",
        "An application for eviction runs. Withdraw it first.",
    ),
    "eviction_over": ("Avhysningen är avslutad.", "The eviction is over."),
    "eviction_confirmed": (
        "Dagen är redan bekräftad.",
        "The day has been confirmed already.",
    ),
    "before_learned": (
        "Det kan inte bekräftas innan nämnden fick veta det.",
        "It cannot be confirmed before the board learned of it.",
    ),
    "notice_running": (
        "Uppsägningen löper till {day}. Avhysning kan sökas därefter.",
        "The notice runs to {day}. Eviction can be applied for after that.",
    ),
    "keys_out": (
        "Nycklarna är inte inlämnade. Registrera dem på kontraktet först; stödet fortsätter till dess.",
        "The keys are not in. Register them on the lease first; until then the support goes on.",
    ),
    "not_told_of_housing": (
        "Hushållet har inte fått veta hur man söker annat boende. Registrera det först.",
        "The household has not been told how to apply for other housing. Register that first.",
    ),
    "not_moved_out": (
        "Frågan om en ny bostad prövas när hushållet har flyttat ut.",
        "Another home is considered when the household has moved out.",
    ),
    "nothing_proposed": (
        "Ingen har lämnat något förslag.",
        "Nobody has proposed anything.",
    ),
    "new_offer_decided": ("Det är redan beslutat.", "It has been decided."),
    "support_until_keys": (
        "Stödet fortsätter tills nycklarna är inlämnade.",
        "The support goes on until the keys are in.",
    ),
}
