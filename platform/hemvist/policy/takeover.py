"""The way to a first-hand lease, and milestones that a person records."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.items import Item, Notice
from hemvist.policy.labels import Label
from hemvist.policy.params import Span


@dataclass(frozen=True, slots=True)
class Takeover:
    """When and how the resident takes over the lease.

    ``after`` a span from ``start`` at the earliest, when ``rule`` is true; ``owner_bound``: the
    owner has agreed in advance and may not refuse. ``agrees`` must all agree.
    """

    cite: tuple[str, ...]
    covers: tuple[str, ...]
    label: Label | None
    after: Span | None
    start: str
    rule: str | None
    decided_by: tuple[str, ...]
    recommended_by: tuple[str, ...]
    owner_bound: bool
    steps: tuple[Item, ...]
    notices: tuple[Notice, ...]
    agrees: tuple[str, ...]
    #: Facts that the landlord's answer and the tribunal's decision answer.
    owner_fact: str | None = None
    tribunal_fact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Item):
    """An event without a form of its own; ``by`` are those who take part, with its agenda."""

    event: str
    by: tuple[str, ...] = ()
    agenda: tuple[Item, ...] = ()
