"""Laying out a case's obligations anew when it goes over to another version of its guideline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.deadlines.models import Obligation
from hemvist.deadlines.service import (
    Anchor,
    events_counted,
    over_by_now,
    pauses_of,
    row_of,
)
from hemvist.policy import Due, Pack, schedule
from hemvist.tenancy import TenantSession

_Key = tuple[UUID, str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """An obligation that comes (no ``before``), goes (no ``after``) or moves."""

    code: str
    label: Mapping[str, Any]
    before: date | None
    after: date | None

    def as_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "code": self.code,
            "label": dict(self.label),
            "before": self.before.isoformat() if self.before else None,
            "after": self.after.isoformat() if self.after else None,
        }


@dataclass(frozen=True, slots=True)
class Replan:
    """What a version lays out from what has happened in a case, beside what is laid out now."""

    session: TenantSession
    case_id: UUID
    programme: str
    pack: Pack
    anchors: Mapping[str, Anchor]
    until: date
    on: date
    departments_of: Mapping[str, Sequence[str]]
    department: str

    def differences(self) -> list[Difference]:
        """What would change, the soonest first. Changes nothing. Raises ``PolicyError``."""
        there, wanted = self._there(), self._wanted()
        found = [
            Difference(due.obligation, due.label.as_json(), self._open_day(there, key), due.due_on)
            for key, due in wanted.items()
            if self._comes(there, key, due)
        ]
        found += [
            Difference(row.code, row.label, row.due_on, None)
            for key, row in there.items()
            if row.state == "open" and key not in wanted and self._counts(row)
        ]
        return sorted(found, key=lambda one: (one.after or one.before or self.on, one.code))

    def carry_out(self) -> list[Difference]:
        """Change the obligations so; what was done stays done. Raises ``PolicyError``."""
        found = self.differences()
        there, wanted = self._there(), self._wanted()
        for key, row in there.items():
            if row.state == "open" and key not in wanted and self._counts(row):
                row.state = "cancelled"
                row.version += 1
        for key, due in wanted.items():
            row_there = there.get(key)
            values = row_of(self.pack, due, self.departments_of)
            if row_there is None:
                if due.due_on >= self.on:
                    self._add(key, values)
            elif row_there.state == "open" or self._comes(there, key, due):
                self._change(row_there, values)
        self.session.flush()
        return found

    def _comes(self, there: Mapping[_Key, Obligation], key: _Key, due: Due) -> bool:
        row = there.get(key)
        if row is None or row.state == "cancelled":
            # Nobody is asked afterwards for what another version would have had them do.
            return due.due_on >= self.on
        return row.state == "open" and row.due_on != due.due_on

    def _open_day(self, there: Mapping[_Key, Obligation], key: _Key) -> date | None:
        row = there.get(key)
        return row.due_on if row is not None and row.state == "open" else None

    def _counts(self, row: Obligation) -> bool:
        """Whether the row counts from the latest of its events; what counts from an earlier one
        stays."""
        return row.due_on <= self.until and any(
            row.anchor_id == row_id for row_id, _ in self.anchors.values()
        )

    def _there(self) -> dict[_Key, Obligation]:
        rows = self.session.scalars(
            select(Obligation).where(
                Obligation.case_id == self.case_id, Obligation.programme == self.programme
            )
        )
        return {(row.anchor_id, row.code, row.ordinal): row for row in rows}

    def _wanted(self) -> dict[_Key, Due]:
        counted = events_counted(self.pack, self.programme)
        known = {event: anchor for event, anchor in self.anchors.items() if event in counted}
        order = tuple(self.anchors)
        over = over_by_now(self.pack, self.programme, known, order)
        days = {event: day for event, (_, day) in known.items()}
        dues = schedule(
            self.pack,
            self.programme,
            days,
            self.until,
            department=self.department,
            pauses=pauses_of(self.session, self.case_id),
            order=order,
        )
        return {
            (known[due.anchor][0], due.obligation, due.ordinal): due
            for due in dues
            if due.obligation not in over
        }

    def _add(self, key: _Key, values: Mapping[str, Any]) -> None:
        self.session.add(
            Obligation(case_id=self.case_id, programme=self.programme, anchor_id=key[0], **values)
        )

    def _change(self, row: Obligation, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name != "version":
                setattr(row, name, value)
        if row.due_on >= self.on:
            row.overdue_since = None
        if row.planned_on is not None and row.planned_on > row.due_on:
            row.planned_on = None
        row.version += 1
