"""Campaigns of prevention: whom a guideline reaches out to before the home is lost, how, in what order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.params import Span

#: What is done towards a tenant. The core's words: a pack invents none.
CONTACTS = ("letter", "phone", "visit", "reference", "consultant_call", "meeting", "other")
#: What the record says of a tenancy, for the pack's own yes-or-no questions: a rent is late, something
#: is owed, the tenant has called since, the tenancy is of the owner and area that the round is held to,
#: debt collection, an application for eviction.
ANSWERS = ("late", "debt", "called", "in_scope", "collection", "eviction_applied")
#: What a round's list is ordered by, the first word first.
ORDERS = ("children", "eviction_applied", "months", "amount", "youngest")
HELD_TO = ("landlord", "area")
#: What is asked at the contact besides how it went.
ASKS = ("cannot_pay", "support_line", "instalments")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStep(Item):
    """Something that is done towards everybody on the list, in this order."""

    contact: str


@dataclass(frozen=True, slots=True)
class CampaignLetter:
    """What is written to them. ``{amount}``, ``{address}`` and ``{day}`` are filled in."""

    heading: Label
    paragraphs: tuple[Label, ...]


#: What is filled into a letter, as it is called where the letter is shown empty.
BLANKS: Mapping[str, Label] = {
    "{amount}": Label("(beloppet)", "(the amount)"),
    "{address}": Label("(adressen)", "(the address)"),
    "{day}": Label("(dagen)", "(the day)"),
}


def shown_empty(text: str, lang: str) -> str:
    """A letter's text with its blanks in words."""
    for blank, word in BLANKS.items():
        text = text.replace(blank, word.text(lang))
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Item):
    """A round or a letter campaign. ``who`` is the rule that says whom it is for.

    ``answers`` maps the pack's own questions to what the record of arrears says (``ANSWERS``);
    ``first`` is a rule: those for whom it holds stand first. Without ``every`` it is made when needed.
    """

    who: str
    by: str
    every: Span | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    held_to: tuple[str, ...] = ()
    area: Label | None = None
    first: str | None = None
    order: tuple[str, ...] = ()
    steps: tuple[CampaignStep, ...] = ()
    asks: tuple[str, ...] = ()
    letter: CampaignLetter | None = None
    programme: str | None = None
