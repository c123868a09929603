"""The answer of a rule to one case, with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact or parameter (``p.name``) that a node looked at. ``value`` is JSON data."""

    fact: str
    value: object
    kind: str

    def as_json(self) -> dict[str, object]:
        """``{"fact", "value", "kind"}``."""
        return {"fact": self.fact, "value": self.value, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One node's answer. ``value`` is the body's, before exceptions; ``outcome`` after them.

    ``parent`` is the path of the node above; ``kind`` the node's operation, or ``exception``.
    """

    id: str
    path: str
    parent: str | None
    kind: str
    force: str
    label: Label
    cite: tuple[str, ...]
    outcome: Outcome
    value: bool | None
    because: tuple[Reason, ...]

    def as_json(self) -> dict[str, object]:
        """The node as JSON data."""
        return {
            "id": self.id,
            "cite": list(self.cite),
            "label": self.label.as_json(),
            "outcome": self.outcome.value,
            "value": self.value,
            "because": [reason.as_json() for reason in self.because],
            "path": self.path,
            "parent": self.parent,
            "kind": self.kind,
            "force": self.force,
        }
