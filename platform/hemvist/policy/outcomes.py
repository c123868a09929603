"""The answer of a rule to one case, with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hemvist.policy.labels import Label


class Outcome(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Outcome:
        """From a truth value; ``None`` is unknown."""
        return cls.UNKNOWN if value is None else cls.TRUE if value else cls.FALSE


class Reason(NamedTuple):
    """A fact or parameter (``p.name``) that a node looked at. ``value`` is JSON data."""

    fact: str
    value: object
    kind: str

    def as_json(self) -> dict[str, object]:
        """``{"fact", "value", "kind"}``."""
        return {"fact": self.fact, "value": self.value, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class NodeText:
    """What a node of a trace says whatever its answer.

    ``parent`` is the path of the node above; ``kind`` the node's operation, or ``exception``.
    """

    id: str
    path: str
    parent: str | None
    kind: str
    force: str
    label: Label
    cite: tuple[str, ...]


class TraceNode(NamedTuple):
    """One node's answer. ``value`` is the body's, before exceptions; ``outcome`` after them."""

    text: NodeText
    outcome: Outcome
    value: bool | None
    because: tuple[Reason, ...]

    @property
    def id(self) -> str:
        """The node's id, unique in its rule."""
        return self.text.id

    @property
    def path(self) -> str:
        """``rule/node``, or the rule's id; unique in the trace."""
        return self.text.path

    @property
    def parent(self) -> str | None:
        """The path of the node above."""
        return self.text.parent

    @property
    def kind(self) -> str:
        """The node's operation, or ``exception``."""
        return self.text.kind

    @property
    def force(self) -> str:
        """``must`` or ``advice``."""
        return self.text.force

    @property
    def label(self) -> Label:
        """The node in words."""
        return self.text.label

    @property
    def cite(self) -> tuple[str, ...]:
        """Where the source says so."""
        return self.text.cite

    def as_json(self) -> dict[str, object]:
        """The node as JSON data."""
        text = self.text
        return {
            "id": text.id,
            "cite": list(text.cite),
            "label": text.label.as_json(),
            "outcome": self.outcome.value,
            "value": self.value,
            "because": [reason.as_json() for reason in self.because],
            "path": text.path,
            "parent": text.parent,
            "kind": text.kind,
            "force": text.force,
        }
