"""What has happened in a case, on the days that hold now."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from hemvist.cases.journal import CORRECTED
from hemvist.indicators.rows import CaseRows

#: What a module asks for that reads the timeline.
EVENTS = "id kind occurred_on recorded_at subject_id data"


class Line(NamedTuple):
    """A line of the timeline."""

    kind: str
    subject_id: UUID
    day: date


def happened(rows: CaseRows) -> list[Line]:
    """The case's events by their days, of one day in the order in which they were written.

    A line that corrects the day of another is not an event; the other has its day.
    """
    lines = sorted(
        rows.of("case_events"), key=lambda one: (one.occurred_on, one.recorded_at, one.id)
    )
    moved = {
        (one.data["event"], one.subject_id): date.fromisoformat(one.data["to"])
        for one in lines
        if one.kind == CORRECTED
    }
    found = [
        Line(one.kind, one.subject_id, moved.get((one.kind, one.subject_id), one.occurred_on))
        for one in lines
        if one.kind != CORRECTED
    ]
    return sorted(found, key=lambda one: one.day)
