"""Facts that absences answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from hemvist.cases.derived import derives
from hemvist.contracts.models import Contract
from hemvist.takeovers.models import Absence
from hemvist.tenancy.statements import Ask, of_tenant

_ABSENCES = Ask(
    select(Absence.began_on, Absence.ended_on, Absence.approved)
    .join(
        Contract, (Contract.tenant_id == Absence.tenant_id) & (Contract.id == Absence.contract_id)
    )
    .where(
        Absence.tenant_id == of_tenant(),
        Absence.case_id == bindparam("case"),
        or_(Contract.state == "signed", Contract.end_reason == "taken_over"),
    )
    .order_by(Absence.began_on)
)


@derives(_ABSENCES)
def absence_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """Absences from the present home and their days.

    Where none is registered both are unknown: nobody may have asked, and a person can answer.
    """
    rows = [row for row in rows if row[0] <= on]
    if not rows:
        return {}
    return {
        "absences": tuple(
            {"from": began, "approved": approved} | ({} if ended is None else {"to": ended})
            for began, ended, approved in rows
        ),
        "absence_days": days_away(((began, ended) for began, ended, _ in rows), on),
    }


def days_away(spans: Iterable[tuple[date, date | None]], on: date) -> int:
    """Days of absence up to the day ``on``; a day within two spans is one day. Spans by first day."""
    total, counted_to = 0, date.min
    for began, ended in spans:
        last = on if ended is None else min(ended, on)
        first = max(began, counted_to + timedelta(days=1)) if counted_to > date.min else began
        if last >= first:
            total += (last - first).days + 1
            counted_to = last
    return total
