"""Any order: trouble in the home, evictions, homes that end for any reason, and who comes back.

Beside the acts of ``hemvist_any_order``: what the figures count of losses. They stand in a list of
their own, for tests of the figures alone.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.incidents import service as incidents
from hemvist.incidents.models import Incident
from hemvist.ladder import demands, evictions
from hemvist.ladder import service as ladders
from hemvist.ladder.models import Eviction, Ladder
from hemvist_any_order import REASON, Act, Draw, Maker, Town, seen

#: Every way to make an act, by name.
LOSSES: dict[str, Maker] = {}


def loss(maker: Maker) -> Maker:
    """Register a way to make an act."""
    LOSSES[maker.__name__] = maker
    return maker


def _at(day: date) -> datetime:
    return min(now(), datetime.combine(day, time(16), SWEDISH_TIME))


@loss
def open_ladder(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.one(draw, Case, state="open")
    words = {"ground": draw.of("misconduct", "arrears"), "severity": "serious"}
    words |= {"severity_reason": REASON, "about": REASON, "opened_on": day}
    return Act("property", ladders.open_ladder, {"case_id": case.id, **words})


def _ladder(town: Town, draw: Draw, **words: Any) -> dict[str, Any] | None:
    row = town.one(draw, Ladder, state="open")
    found = {} if row is None else {"ladder_id": row.id, "expected_version": row.version}
    return {**found, **words} if found else None


@loss
def landlord_demands(town: Town, draw: Draw, day: date) -> Act | None:
    words = _ladder(town, draw, what=REASON, sent_on=day)
    return None if words is None else Act("property", demands.receive_demand, words)


@loss
def landlord_applies(town: Town, draw: Draw, day: date) -> Act | None:
    words = _ladder(town, draw, applied_on=day, by_landlord=True)
    return None if words is None else Act("property", evictions.apply_for_eviction, words)


def _eviction(town: Town, draw: Draw, verb: Any, state: str, **words: Any) -> Act | None:
    row = town.one(draw, Eviction, state=state)
    if row is None:
        return None
    words |= {"eviction_id": row.id, "expected_version": seen(draw, row)}
    return Act("property", verb, words)


@loss
def set_day(town: Town, draw: Draw, day: date) -> Act | None:
    words = {"evicts_on": day, "learned_at": _at(day)}
    return _eviction(town, draw, evictions.set_eviction_date, "applied", **words)


@loss
def carry_out_eviction(town: Town, draw: Draw, day: date) -> Act | None:
    return _eviction(town, draw, evictions.carry_out_eviction, "dated", on=day)


@loss
def withdraw_eviction(town: Town, draw: Draw, day: date) -> Act | None:
    state = draw.of("applied", "dated")
    return _eviction(town, draw, evictions.withdraw_eviction, state, because=REASON, on=day)


@loss
def end_ladder(town: Town, draw: Draw, day: date) -> Act | None:
    words = _ladder(town, draw, outcome="corrected", reason=REASON, ended_on=day)
    return None if words is None else Act("property", ladders.end_ladder, words)


@loss
def report(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.one(draw, Case, state="open")
    words = {"case_id": case.id, "kind": draw.of("disturbance", "complaint", "other")}
    words |= {"reported_by": "landlord", "reporter_name": "Bo Hyresvärd", "channel": "phone"}
    words |= {"what": REASON, "happened_on": day, "received_at": _at(day)}
    return Act(town.caseworker, incidents.report, words)


@loss
def close_incident(town: Town, draw: Draw, _day: date) -> Act | None:
    row = town.one(draw, Incident, state="open")
    # Nobody judges them here: they can only be closed as nothing, and then count no more.
    if row is None or draw.below(3):
        return None
    words = {"incident_id": row.id, "expected_version": seen(draw, row), "note": REASON}
    outcome = draw.of("unfounded", "duplicate", "corrected")
    return Act(town.caseworker, incidents.close, {**words, "outcome": outcome})


@loss
def home_ends(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract, state="signed")
    if row is None:
        return None
    words = {"contract_id": row.id, "expected_version": seen(draw, row), "ended_on": day}
    reason = draw.of("agreement", "deceased", "abandoned", "evicted", "other", "replaced")
    return Act("property", ending.end, {**words, "reason": reason})


@loss
def close_case(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.one(draw, Case, state="open")
    words = {"case_id": case.id, "expected_version": seen(draw, case), "on": day}
    reason = draw.of("own_home", "own_lease", "refused", "moved_away")
    return Act(town.caseworker, closing.close, {**words, "reason": reason})


@loss
def open_again(town: Town, draw: Draw, day: date) -> Act | None:
    rows = town.world.rows(Case, state="closed")
    if not rows:
        return None
    case = draw.of(*rows)
    words = {"household_id": case.household_id, "department": case.department}
    return Act(town.caseworker, cases.open_case, {**words, "opened_on": day})
