"""What stands in the way of a visit, a form, a pause or a follow-up taken up again, by rule."""

from __future__ import annotations

from collections.abc import Mapping

#: Rule → (Swedish, English).
VISITS: Mapping[str, tuple[str, str]] = {
    "sent_form": (
        "Åtagandet utförs genom att den ifyllda checklistan skickas.",
        "Sending the filled-in checklist carries this out.",
    ),
    "done_once": (
        "Det här ska göras en gång. Det står kvar som försenat tills det är gjort.",
        "This is to be done once. It stays late until it is done.",
    ),
    "no_checklist": (
        "Vid den här uppföljningen fylls ingen checklista i.",
        "No checklist is filled in at this follow-up.",
    ),
    "checklist_sent": ("Checklistan är redan skickad.", "The checklist has been sent already."),
    "no_receiver": (
        "Riktlinjen skickar inte checklistan till någon.",
        "The guideline sends the checklist to nobody.",
    ),
    "nothing_rests": (
        "Programmet har inget återkommande som kan vila.",
        "Nothing in the programme recurs that could rest.",
    ),
    "pause_ended": ("Pausen har redan upphört.", "The pause has ended already."),
    "follow_up_goes_on": (
        "Uppföljningen pågår. Stödet hör till den.",
        "The follow-up goes on. The support belongs to it.",
    ),
    "need_known": (
        "Ett behov av stöd hanteras redan i ärendet.",
        "A need for support is being looked into in the case.",
    ),
    "need_elsewhere": (
        "Det går inte längre: frågan om stöd har kommit vidare.",
        "It is no longer possible: the question of support has moved on.",
    ),
    "no_reopening": (
        "Riktlinjen tar inte upp en avslutad uppföljning igen.",
        "The guideline takes no ended follow-up up again.",
    ),
    "no_home": (
        "Hyresgästen har inget gällande kontrakt i ärendet.",
        "The tenant has no running contract in the case.",
    ),
    "unchanged": ("Dagarna är som de var.", "The days are as they were."),
    "waiver_stands": (
        "Ett avstående från besittningsskydd räknas från kontraktets första dag. Skriv ett nytt först.",
        "A waiver of tenure counts from the contract's first day. Write a new one first.",
    ),
    "starts_after_end": ("Före kontraktets sista dag.", "Before the contract's last day."),
}
