"""What was looked at, and what was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


class Finding(NamedTuple):
    """Something that is not as it must be. ``told`` holds codes, ids and numbers, nobody's data."""

    #: command, event, parked, notice, ledger, deadline or log.
    kind: str
    subject: UUID | None
    told: str

    @property
    def line(self) -> str:
        """As an operator reads it."""
        return f"{self.kind} {self.subject or '-'}: {self.told}"


@dataclass(slots=True)
class Report:
    """Of one tenant."""

    #: How many of each kind were looked at.
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    #: Whether the rows were put in from an export just now: none bears its own transaction's number.
    copied: bool = False

    def count(self, what: str, number: int) -> None:
        """Note that so many more were looked at."""
        self.counts[what] += number

    def find(self, kind: str, subject: UUID | None, told: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, subject, told))

    @property
    def line(self) -> str:
        """All counts and the findings' number."""
        counted = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return f"{counted}, {len(self.findings)} findings" if counted else "0 findings"
