"""What is wrong with settings, told so that whoever set them can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MissingSetting(RuntimeError):
    """A setting that this process cannot do without is not set; the message names it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, the fields it is about, and the line that says so."""

    names: frozenset[str]
    line: str

    @classmethod
    def of(cls, line: str, *names: str) -> Fault:
        """A fault of some fields."""
        return cls(frozenset(names), line)


class WrongSettings(RuntimeError):
    """Settings that do not hold: each fault is a line that names its variable, none shows a secret."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.line for fault in faults))
