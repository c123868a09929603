"""Support in the home as a guideline tells of it: the plan, the commission, the phases."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.items import ContentItem, Item, Signature
from hemvist.policy.labels import Label
from hemvist.policy.params import Span


@dataclass(frozen=True, slots=True)
class Plan:
    """The support plan: its kind, what it holds, when it is made, who signs it.

    Without ``signatures`` it holds when it is agreed; ``free`` lets those who make it add headings
    of their own beside what the guideline asks for.
    """

    kind: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    made_at: str | None
    responsible: str | None
    requires: tuple[ContentItem, ...]
    optional: tuple[ContentItem, ...]
    signatures: tuple[Signature, ...] = ()
    free: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What the provider writes on each due day of an obligation, by the guideline's template."""

    obligation: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    requires: tuple[ContentItem, ...]
    optional: tuple[ContentItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Item):
    """After an event the support goes on until another has happened."""

    after: str
    until: str


@dataclass(frozen=True, slots=True)
class Commission:
    """The written commission to a support provider (uppdrag): what it holds, and what its sending is.

    ``routed`` means that the coordinator first decides between the kommun's own provider and a
    procured one. ``milestone`` is the event that sending it records. While one of ``holds`` applies
    it cannot be ended.
    """

    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    requires: tuple[ContentItem, ...]
    optional: tuple[ContentItem, ...]
    milestone: str | None = None
    routed: bool = False
    report: Report | None = None
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before an event a phase begins: no earlier and no later than these spans."""

    before: str
    earliest: Span
    latest: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Item):
    """A phase of the support: the stages of the programme that it is made of."""

    stages: tuple[str, ...]
    lead: Lead | None = None
