"""Rules: trees of labelled, cited nodes over leaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hemvist.policy.labels import Label
from hemvist.policy.leaf import Leaf


class Op(StrEnum):
    """What a node does."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    RULE = "rule"
    WHEN = "when"


class Force(StrEnum):
    """``must`` decides; ``advice`` (bör) is shown and never decides."""

    MUST = "must"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class LegalFlag:
    """A law that bears on what the guideline says; inactive = kept as history, never applied."""

    flag: str
    note: Label
    active: bool


@dataclass(frozen=True, slots=True)
class Node:
    """One node. A rule is a node at the top, with ``path`` equal to its id.

    ``path`` is ``rule/node`` and unique in the pack. Exactly one of ``children``, ``leaf`` and
    ``ref`` is filled, by ``op``. The outcome is the body's, or true when an ``unless`` is true.
    """

    id: str
    path: str
    op: Op
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...] = ()
    help: Label | None = None
    force: Force = Force.MUST
    legal: LegalFlag | None = None
    children: tuple[Node, ...] = ()
    leaf: Leaf | None = None
    ref: str | None = None
    unless: tuple[Node, ...] = ()

    @property
    def active(self) -> bool:
        """Whether the node applies at all."""
        return self.legal is None or self.legal.active

    @property
    def decides(self) -> bool:
        """Whether its outcome counts in the node above."""
        return self.active and self.force is Force.MUST


Rule = Node
