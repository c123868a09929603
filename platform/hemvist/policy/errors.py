"""What goes wrong in policy: a pack that cannot be loaded, or a question it cannot answer.

::

    HemvistError
    └── PolicyError     the question does not hold: unknown rule, wrong answer, date outside the pack
        └── PackError   the pack does not hold: with file, line and column
"""

from __future__ import annotations

from hemvist.errors import HemvistError


class PolicyError(HemvistError):
    """A question to a pack that has no answer.

    ``rule`` is a stable code of what was broken (``unknown_fact``, ``wrong_type`` …), ``fact``
    the fact it concerns when there is one. The message is English, for people who write packs
    and for logs.
    """

    def __init__(self, message: str, *, rule: str = "policy", fact: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.fact = fact


class PackError(PolicyError):
    """A pack file is wrong at one place. Lines and columns count from 1."""

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(message, rule="pack")
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"
