"""What a replay can come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Result(StrEnum):
    """What came of a replay."""

    #: The same answer to the last byte, on a record that nobody has touched.
    SAME = "same"
    #: Something is otherwise; ``Replay.differences`` says what.
    DIFFERS = "differs"
    #: The version is not installed any more.
    VERSION_MISSING = "version_missing"
    #: From before answers were kept with their facts.
    NOT_KEPT = "not_kept"


class Difference(StrEnum):
    """What is otherwise."""

    #: The kept question, facts or answer were changed after they were written.
    RECORD = "record"
    #: The version, asked again, answers otherwise than the record says.
    ANSWER = "answer"
    #: The version cannot take the question any more.
    QUESTION = "question"
    #: The assessment's or decision's own columns say otherwise than the record.
    OUTCOME = "outcome"
    TRACE = "trace"
    VERSION = "version"
    DAY = "day"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay of one assessment or decision.

    ``pack_changed`` says that the version's files are no longer those of then, which alone is no
    difference: a comment may have been mended.
    """

    subject: str
    subject_id: UUID
    case_id: UUID
    case_number: str
    rule: str | None
    pack: str
    version: str
    on: date
    result: Result
    differences: tuple[Difference, ...] = ()
    pack_changed: bool = False

    @property
    def holds(self) -> bool:
        """Whether it could be repeated with the same answer."""
        return self.result is Result.SAME

    def as_json(self) -> dict[str, object]:
        """The replay as JSON data."""
        return {
            "subject": self.subject,
            "id": str(self.subject_id),
            "case": self.case_number,
            "rule": self.rule,
            "pack": self.pack,
            "version": self.version,
            "on": self.on.isoformat(),
            "result": self.result.value,
            "differences": [one.value for one in self.differences],
            "pack_changed": self.pack_changed,
        }
