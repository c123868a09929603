"""What a guideline says of who is offered a home before whom."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.items import Item

#: Facts that measure how long somebody has waited; an order by one of them is a queue.
QUEUE_FACTS = frozenset({"referral_registered_on", "referral_extensions", "support_months"})
#: ``unsaid``: the source is silent; then waiting decides nothing either.
QUEUE_TIME = ("forbidden", "allowed", "unsaid")


@dataclass(frozen=True, slots=True)
class Priority(Item):
    """One step of the order: a rule's outcome or a fact; ``descending`` puts yes and most first."""

    rule: str | None = None
    fact: str | None = None
    descending: bool = True


@dataclass(frozen=True, slots=True)
class LandlordRule:
    """A rule that is asked of household and landlord; ``fact`` is given the landlord's number."""

    rule: str
    fact: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Matchning: the order of the waiting, and what the guideline closes to them."""

    cite: tuple[str, ...]
    covers: tuple[str, ...]
    queue_time: str
    priority: tuple[Priority, ...]
    landlord: LandlordRule | None = None
    #: Parameter with the areas that no home is offered in.
    closed_areas: str | None = None
