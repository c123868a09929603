"""What can go wrong and what the caller is told.

::

    HemvistError
    ├── ValidationFailed   what was sent does not hold: field by field, rule by rule
    │   └── Guarded        it came upon somebody of whom no more is told; the attempt is logged
    ├── PolicyRefused      the kommun's guideline, or the law, says no: with the trace
    ├── Conflict           somebody else changed it, or the key was used for something else
    ├── NotAllowed         the actor's role does not give this right
    └── NotFound           no such thing, or not for this actor: the two are never told apart

Messages are codes with parameters; the portal and the API word them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any
from uuid import UUID


class HemvistError(Exception):
    """Base of every error that a caller may be shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field: ``rule`` is a stable code, ``message`` English for logs."""

    field: str
    rule: str
    message: str
    params: Mapping[str, Any] = default(default_factory=dict)


def too_long(field: str, text: str, limit: int) -> list[Problem]:
    """The problem of a text of more than ``limit`` characters; none of one that fits."""
    if len(text) <= limit:
        return []
    return [Problem(field, "too_long", f"at most {limit} characters", {"limit": limit})]


class ValidationFailed(HemvistError):
    """The input does not hold. Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = tuple(problems)

    @classmethod
    def one(cls, field: str, rule: str, message: str, **params: Any) -> ValidationFailed:
        """A failure with a single problem."""
        return cls([Problem(field, rule, message, params)])


class Guarded(ValidationFailed):
    """The act came upon somebody of whom no more is told than this. Nothing is done, and all the same
    it is logged that it was tried: whoever guesses learns something by it.

    ``action`` is what the log calls it; ``persons`` those that it concerns, as far as the actor's
    session knows them.
    """

    def __init__(self, problem: Problem, *, action: str, persons: Sequence[UUID]) -> None:
        super().__init__([problem])
        self.action = action
        self.persons = tuple(persons)


class PolicyRefused(HemvistError):
    """A rule of the pack or of the law refuses the act.

    ``rule`` is the rule's id, ``cite`` its source, ``trace`` the evaluation as JSON data.
    """

    def __init__(
        self,
        rule: str,
        message: str,
        *,
        cite: str = "",
        trace: Sequence[Mapping[str, Any]] = (),
        items: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.cite = cite
        self.trace = tuple(trace)
        self.items = tuple(items)


class Conflict(HemvistError):
    """A stale version, a used idempotency key, or a state that no longer allows the act."""

    def __init__(self, rule: str, message: str, **params: Any) -> None:
        super().__init__(message)
        self.rule = rule
        self.params = params


class NotAllowed(HemvistError):
    """The actor lacks the right. ``action`` names it."""

    def __init__(self, action: str, message: str = "") -> None:
        super().__init__(message or f"not allowed: {action}")
        self.action = action


class NotFound(HemvistError):
    """No such row for this actor. Says nothing about whether another tenant has one."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} not found")
        self.kind = kind
