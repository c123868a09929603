"""Homes at risk: incidents, warnings, rent debts, evictions that were averted and those that were not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hemvist.clock import SWEDISH_TIME
from hemvist.incidents.models import NOTHING_TO_DO
from hemvist.indicators.counting.groups import child_on
from hemvist.indicators.counting.money import times_owing
from hemvist.indicators.counting.timeline import EVENTS
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "incidents": "id received_at outcome",
    "ladders": "id state",
    "ladder_steps": "id kind happened_on",
    "evictions": "id ladder_id state ended_on",
    "recovery_periods": "id state",
    "case_events": EVENTS,
}
#: How a time to win a tenancy back ends with the household staying.
WON_BACK = ("paid", "assumed")


def incidents(rows: CaseRows) -> Iterator[Fact]:
    """Incidents on the day on which they reached the kommun."""
    for one in rows.of("incidents"):
        if one.outcome not in NOTHING_TO_DO:
            day = one.received_at.astimezone(SWEDISH_TIME).date()
            yield Fact("incidents", one.id, day)


def warnings(rows: CaseRows) -> Iterator[Fact]:
    """Written demands to mend, the kommun's own and other landlords'."""
    for step in rows.of("ladder_steps"):
        if step.kind == "demand":
            yield Fact("warnings", step.id, step.happened_on)


def evictions_averted(rows: CaseRows) -> Iterator[Fact]:
    """Applications that were withdrawn while the household stayed, and tenancies won back."""
    left = {one.id for one in rows.of("ladders") if one.state == "moved_out"}
    for one in rows.of("evictions"):
        if one.state == "withdrawn" and one.ladder_id not in left:
            yield Fact("evictions_averted", one.id, one.ended_on)
    # A period may end when the case is closed: then it is no matter of the case.
    won = {one.id for one in rows.of("recovery_periods") if one.state in WON_BACK}
    for event in rows.of("case_events"):
        if event.kind == "recovery_ended" and event.subject_id in won:
            yield Fact("evictions_averted", event.subject_id, event.occurred_on)


def children_evicted(rows: CaseRows) -> Iterator[Fact]:
    """Children of households that were evicted."""
    for one in rows.of("evictions"):
        if one.state == "carried_out":
            children = sum(child_on(member, one.ended_on) for member in rows.members)
            if children:
                yield Fact("children_evicted", one.id, one.ended_on, amount=children)


def arrears_new(rows: CaseRows) -> Iterator[Fact]:
    """The days on which the household began to owe rent."""
    for begins, _ in times_owing(rows):
        yield Fact("arrears_new", rows.case.id, begins)


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (
    incidents,
    warnings,
    evictions_averted,
    children_evicted,
    arrears_new,
)
