"""The kommun's own work: whether it does what it shall, when it shall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hemvist.cases.stage import RESTART
from hemvist.deadlines.service import BY_PERSON
from hemvist.decisions import execution
from hemvist.decisions.service import departs
from hemvist.indicators.counting.timeline import EVENTS, happened
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "obligations": "id programme code anchor state due_on done_on",
    "service_clocks": "id state due_on due_at stopped_at",
    "decisions": (
        "id kind outcome state advice decided_on valid_until ended_on altered_by_id contract_id"
        " executed_on"
    ),
    "appeals": "id state outcome outcome_on reconsideration reconsidered_on",
    "case_events": EVENTS,
}
#: Decisions that answer what somebody asks of the kommun: a home, or support to obtain one.
OF_HOUSING = ("support_to_obtain_housing", "housing")
#: Kinds of decision that there is advice on.
ADVISED = (*OF_HOUSING, "extension", "end")
#: What a court comes to when it has tried the case.
TRIED = ("rejected", "granted", "granted_in_part", "remanded")
_TO_BE_DONE = ("open", "done", "missed")
_MOVES = (*execution.HOME, *execution.MEASURE, *execution.INTERRUPTION, RESTART)
_DAY = timedelta(days=1)


def follow_ups_on_time(rows: CaseRows) -> Iterator[Fact]:
    """Follow-ups on the days by which the guideline wants them."""
    for one in rows.of("obligations"):
        if one.state in _TO_BE_DONE and one.anchor != BY_PERSON and _is_follow_up(rows, one):
            yield Fact(
                "follow_ups_on_time",
                one.id,
                one.due_on,
                programme=one.programme,
                met=one.state == "done" and one.done_on <= one.due_on,
            )


def _is_follow_up(rows: CaseRows, row: Any) -> bool:
    """Whether the duty recurs, or ends by nothing but being done: an outcome ends the others."""
    programme = rows.pack.programmes.get(row.programme)
    duties = () if programme is None else programme.obligations
    return any(duty.id == row.code and (duty.every is not None or not duty.ends) for duty in duties)


def service_levels_kept(rows: CaseRows) -> Iterator[Fact]:
    """Clocks of guideline and law on the days by which they were to be answered."""
    for one in rows.of("service_clocks"):
        if one.state != "cancelled":
            kept = one.stopped_at is not None and one.stopped_at < one.due_at
            yield Fact("service_levels_kept", one.id, one.due_on, met=kept)


def unexecuted(rows: CaseRows) -> Iterator[Fact]:
    """The times in which a favourable decision had waited longer than the law allows (SoL 34:1)."""
    events: dict[str, list[date]] = defaultdict(list)
    for line in happened(rows):
        if line.kind in _MOVES:
            events[line.kind].append(line.day)
    for one in rows.of("decisions"):
        if one.state == "decided" and one.outcome == "granted" and one.kind in execution.FAVOURABLE:
            for begins, ends in _late(one, events):
                yield Fact("unexecuted", one.id, begins, ends)


def _late(
    decision: Any, events: Mapping[str, Sequence[date]]
) -> Iterator[tuple[date, date | None]]:
    """From which day to which it was late. How it stands changes on a few days only."""
    turns = {decision.decided_on, *(day for days in events.values() for day in days)}
    turns |= {day for day in (decision.ended_on, decision.executed_on) if day is not None}
    if decision.valid_until is not None:
        turns.add(decision.valid_until + _DAY)
    days = sorted(day for day in turns if day >= decision.decided_on)
    begun = None
    for day, following in pairwise([*days, None]):
        assert day is not None
        since = execution.waiting_since(decision, events, day)
        late_from = None if since is None else max(day, execution.due_on(since) + _DAY)
        if begun is not None and late_from != day:
            yield begun, day
            begun = None
        if begun is None and late_from is not None and (following is None or late_from < following):
            begun = late_from
    if begun is not None:
        yield begun, None


def appeals_changed(rows: CaseRows) -> Iterator[Fact]:
    """Appeals that were tried to the end, by the kommun itself or by a court."""
    for one in rows.of("appeals"):
        lapsed = one.state == "lapsed"
        tried = one.outcome_on if one.outcome in TRIED else one.reconsidered_on if lapsed else None
        if tried is not None:
            changed = lapsed or one.outcome in TRIED[1:] or one.reconsideration == "changed_in_part"
            yield Fact("appeals_changed", one.id, tried, met=changed)


def against_advice(rows: CaseRows) -> Iterator[Fact]:
    """Decisions that there was advice on, and whether they went against it."""
    for one in rows.of("decisions"):
        if one.state == "decided" and one.kind in ADVISED:
            went = departs(one.kind, one.outcome, one.advice)
            yield Fact("against_advice", one.id, one.decided_on, met=went)


def decision_time(rows: CaseRows) -> Iterator[Fact]:
    """Days from when the case was opened to its first decision."""
    made = [
        (one.decided_on, one.id)
        for one in rows.of("decisions")
        if one.state == "decided" and one.kind in OF_HOUSING
    ]
    if made:
        day, of = min(made)
        yield Fact("decision_time", of, day, amount=(day - rows.case.opened_on).days)


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (
    follow_ups_on_time,
    service_levels_kept,
    unexecuted,
    appeals_changed,
    against_advice,
    decision_time,
)
