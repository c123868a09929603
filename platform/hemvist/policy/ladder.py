"""The ladder of a tenancy in trouble, as a guideline tells it: when each step is called for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hemvist.policy.items import Item
from hemvist.policy.labels import Label

#: The steps, in the order in which they are climbed. The core owns them.
LADDER_STEPS = (
    *("talk", "demand", "board", "meeting", "plan", "notice", "eviction", "move_out"),
    "new_offer",
)
#: How serious something is; the options that a guideline's own question of it has.
SEVERITIES = ("minor", "serious", "especially_serious")
#: How a demand reaches the tenant.
WAYS = ("letter", "registered_letter", "handed_over", "served")


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep(Item):
    """What the guideline says of one step; ``id`` is one of ``LADDER_STEPS``.

    ``called_for`` is the rule by which the step is called for, ``needs`` those without which it may not
    be taken; ``by`` who takes it or is called; ``ways`` and ``copies`` how it is sent and to whom else;
    ``until`` the event up to which the support goes on.
    """

    called_for: str | None = None
    needs: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    #: The question that ways and copies answer, and which option each of them is.
    fact: str | None = None
    told: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The guideline's ladder; ``severity_fact`` is its own question of how serious it is."""

    cite: tuple[str, ...]
    covers: tuple[str, ...]
    label: Label | None
    severity_fact: str | None
    steps: tuple[LadderStep, ...]

    def step(self, id: str) -> LadderStep | None:
        """What the guideline says of a step; None where it says nothing."""
        return next((one for one in self.steps if one.id == id), None)
