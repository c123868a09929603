"""What a check of a kommun found, one line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from hemvist_tenants.reading import Fault


class Weight(StrEnum):
    """How much a finding matters."""

    #: It holds.
    FINE = "ok"
    #: The kommun can be taken on, but somebody should look.
    NOTE = "note"
    #: The kommun is not taken on before this is mended.
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    weight: Weight
    about: str
    message: str
    cure: str = ""

    def lines(self) -> list[str]:
        """For the terminal: what, and below it what to do."""
        told = [f"{self.weight.value:<5}  {self.about}: {self.message}"]
        return [*told, f"       → {self.cure}"] if self.cure else told


@dataclass
class Report:
    """Everything that one check found, in the order looked at."""

    findings: list[Finding] = field(default_factory=list)

    def fine(self, about: str, message: str) -> None:
        """Note what holds."""
        self.findings.append(Finding(Weight.FINE, about, message))

    def note(self, about: str, message: str, cure: str = "") -> None:
        """Note what somebody should look at."""
        self.findings.append(Finding(Weight.NOTE, about, message, cure))

    def fault(self, about: str, message: str, cure: str = "") -> None:
        """Note what must be mended."""
        self.findings.append(Finding(Weight.FAULT, about, message, cure))

    def faults_of(self, faults: Iterable[Fault]) -> None:
        """Take over the faults of a file, each with its line and column."""
        for one in faults:
            at = "" if one.place is None else f":{one.place.line}:{one.place.column}"
            about = f"{one.file}{at}"
            self.fault(about, f"{one.key}: {one.message}" if one.key else one.message, one.cure)

    @property
    def faulty(self) -> bool:
        """Whether anything must be mended."""
        return any(one.weight is Weight.FAULT for one in self.findings)
