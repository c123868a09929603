"""Any order: decisions, how they are told, and appeals; the case's own milestones and its close."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.decisions import notifying
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.milestones import service as milestones
from hemvist.takeovers import carrying
from hemvist_any_order import COURT, REASON, Act, Draw, Town, act, seen
from hemvist_world import HOUSING, SUPPORT


def _words(town: Town, draw: Draw, case: Case, day: date) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "programme": town.programme(draw, case),
        "outcome": draw.of("granted", "granted", "granted", "refused"),
        "legal_basis": ["sol_2025_11_1" if day >= date(2025, 7, 1) else "sol_2001_4_1"],
        "motivation": REASON,
        "departure_reason": REASON,
        "valid_until": draw.of(None, None, day + timedelta(days=draw.below(500))),
        "on": day,
    }


@act
def propose(town: Town, draw: Draw, day: date) -> Act:
    case = draw.of(*town.cases)
    kind = draw.of(SUPPORT, HOUSING, "support_measure")
    return Act(town.caseworker, decisions.propose, _words(town, draw, case, day) | {"kind": kind})


@act
def alter(town: Town, draw: Draw, day: date) -> Act | None:
    known = town.one(draw, Decision, state="decided", outcome="granted")
    if known is None:
        return None
    [case] = town.world.rows(Case, id=known.case_id)
    words = _words(town, draw, case, day) | {
        "kind": draw.of("extension", "change", "end"),
        "outcome": "granted",
        "alters_id": known.id,
        "alter_ground": draw.of("need_ceased", "own_request", ""),
        "told_on": draw.of(day, day, None),
    }
    return Act(town.caseworker, decisions.propose, words)


@act
def propose_together(town: Town, draw: Draw, day: date) -> Act:
    words = _words(town, draw, draw.of(*town.cases), day)
    case_id, programme, on = (words.pop(name) for name in ("case_id", "programme", "on"))
    parts = [{**words, "kind": kind} for kind in (SUPPORT, draw.of(HOUSING, "support_measure"))]
    words = {"case_id": case_id, "programme": programme, "parts": parts, "on": on}
    return Act(town.caseworker, decisions.propose_together, words)


def _on(row: Decision, draw: Draw, day: date, **words: Any) -> dict[str, Any]:
    return {"decision_id": row.id, "expected_version": seen(draw, row), "on": day, **words}


@act
def decide(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="proposed")
    if row is None:
        return None
    who = draw.of(town.manager, town.manager, town.manager, town.caseworker)
    return Act(who, decisions.decide, _on(row, draw, day, board_minute="SN 2026-01-20 § 4"))


@act
def send_back(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="proposed")
    if row is None:
        return None
    return Act(town.manager, decisions.return_proposal, _on(row, draw, day, reason=REASON))


@act
def notify(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="decided", notified_on=None)
    if row is None:
        return None
    words = {"decision_id": row.id, "how": "letter", "expected_version": seen(draw, row)}
    return Act(town.caseworker, notifying.notify, words | {"notified_on": day})


# -- appeals ---------------------------------------------------------------------------------------


@act
def appeal(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Decision, state="decided")
    if row is None:
        return None
    words = {"decision_id": row.id, "how": "letter", "asks": "Vill ha.", "received_on": day}
    return Act(town.caseworker, appeals.receive, words)


def _appeal(town: Town, draw: Draw, day: date, state: str) -> dict[str, Any] | None:
    row = town.one(draw, Appeal, state=state)
    if row is None:
        return None
    return {"appeal_id": row.id, "expected_version": seen(draw, row), "on": day}


@act
def judge(town: Town, draw: Draw, day: date) -> Act | None:
    words = _appeal(town, draw, day, "received")
    if words is None:
        return None
    words["dismissal_reason"] = draw.of("", REASON)
    return Act(town.manager, appeals.judge_timeliness, words)


@act
def reconsider(town: Town, draw: Draw, day: date) -> Act | None:
    words = _appeal(town, draw, day, "accepted")
    if words is None:
        return None
    words |= {"result": draw.of("unchanged", "unchanged", "changed_in_part"), "reason": REASON}
    return Act(town.manager, appeals.reconsider, words)


@act
def forward(town: Town, draw: Draw, day: date) -> Act | None:
    words = _appeal(town, draw, day, "accepted")
    if words is None:
        return None
    return Act(draw.of(town.manager, town.caseworker), appeals.forward, words | {"court": COURT})


@act
def settle(town: Town, draw: Draw, day: date) -> Act | None:
    words = _appeal(town, draw, day, "forwarded")
    if words is None:
        return None
    words |= {"outcome": draw.of("rejected", "granted", "remanded"), "court_number": "1-26"}
    return Act(draw.of(town.manager, town.caseworker), appeals.settle, words)


@act
def withdraw_appeal(town: Town, draw: Draw, day: date) -> Act | None:
    words = _appeal(town, draw, day, draw.of("received", "accepted", "forwarded"))
    return None if words is None else Act(town.caseworker, appeals.withdraw, words)


# -- the case --------------------------------------------------------------------------------------


@act
def milestone(town: Town, draw: Draw, day: date) -> Act | None:
    case = town.world.again(draw.of(*town.cases))
    programme = town.pack.programme(town.programme(draw, case))
    if not programme.milestones:
        return None
    chosen = draw.of(*programme.milestones)
    words = {
        "case_id": case.id,
        "milestone": chosen.id,
        "programme": programme.id,
        "parties": chosen.by if draw.below(4) else chosen.by[:1],
        "happened_on": day,
        "notice": {"given_by": "tenant"} if chosen.event == "notice_given" else None,
    }
    verb = draw.of(milestones.record_milestone, carrying.record_milestone_or_takeover)
    return Act(draw.of(town.caseworker, "property"), verb, words)


@act
def close(town: Town, draw: Draw, day: date) -> Act | None:
    # A closed case is the end of everything in it: now and then is enough.
    if draw.below(4):
        return None
    case = town.world.again(draw.of(*town.cases))
    words = {"case_id": case.id, "reason": "own_lease", "expected_version": seen(draw, case)}
    return Act(town.caseworker, closing.close, words | {"on": day})
