"""What a register answers, and what answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

#: A register tells these and no other: who lives under a fictitious identity is not to be found by
#: the earlier one.
TOLD = ("none", "secrecy_mark", "protected_registration")


class NoAnswer(Exception):
    """The register did not answer at all. Says why in a code, never whom it was asked about."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """How a person is protected, as the register had it on a day. ``level`` is one of ``TOLD``."""

    level: str
    on: date


class Register(Protocol):
    """Something that can be asked: a file, a service."""

    @property
    def name(self) -> str:
        """What is noted as the source of a check."""
        ...

    def look_up(self, numbers: Sequence[str]) -> Mapping[str, Answer]:
        """The answers by number (twelve digits); whoever is not answered is left out.

        Raises ``NoAnswer`` where nothing was answered.
        """
        ...
