"""What the chapters money, work, loss and law count, said once more from the words of their definitions.

Straight over the tables, by SQL; where a definition speaks of days one by one, day by day. Shares
nothing with ``hemvist.indicators.counting``.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.tenancy import Audience, tenant_session

CODES = (
    *("guarantees_out", "guarantee_exposure", "guarantee_claims", "guarantee_recourse", "arrears"),
    *("follow_ups_on_time", "service_levels_kept", "unexecuted", "appeals_changed"),
    *("against_advice", "decision_time", "incidents", "warnings", "evictions_averted"),
    *("children_evicted", "arrears_new", "granted", "transfers"),
)

#: What SQL alone says: case, of, begins, ends, programme, amount, met.
_PLAIN = {
    "guarantees_out": (
        "SELECT case_id, id, starts_on, ended_on, '', NULL, NULL FROM guarantees"
        " WHERE ended_on IS NULL OR ended_on > starts_on"
    ),
    "guarantee_exposure": (
        "WITH days AS (SELECT id, starts_on AS day FROM guarantees"
        "  UNION SELECT g.id, e.booked_on FROM guarantees g JOIN guarantee_entries e"
        "   ON e.guarantee_id = g.id AND e.kind = 'payment' AND e.booked_on > g.starts_on"
        "   AND (g.ended_on IS NULL OR e.booked_on < g.ended_on)),"
        " stretches AS (SELECT d.id, d.day, lead(d.day) OVER (PARTITION BY d.id ORDER BY d.day) AS next"
        "  FROM days d)"
        " SELECT * FROM (SELECT g.case_id, g.id, s.day, coalesce(s.next, g.ended_on), '',"
        "  g.cap_ore - coalesce((SELECT sum(e.amount_ore)::bigint FROM guarantee_entries e"
        "   WHERE e.guarantee_id = g.id AND e.kind = 'payment' AND e.booked_on <= s.day), 0) AS left_ore,"
        "  NULL FROM stretches s JOIN guarantees g ON g.id = s.id"
        "  WHERE g.ended_on IS NULL OR g.ended_on > s.day) AS one WHERE left_ore > 0"
    ),
    "guarantee_claims": (
        "SELECT case_id, id, booked_on, NULL, '', amount_ore, NULL FROM guarantee_entries"
        " WHERE kind = 'payment'"
    ),
    "guarantee_recourse": (
        "SELECT case_id, id, booked_on, NULL, '', amount_ore, NULL FROM guarantee_entries"
        " WHERE kind = 'recovery'"
    ),
    "service_levels_kept": (
        "SELECT case_id, id, due_on, NULL, '', NULL, coalesce(stopped_at < due_at, false)"
        " FROM service_clocks WHERE state <> 'cancelled'"
    ),
    "appeals_changed": (
        "SELECT case_id, id, outcome_on, NULL, '', NULL,"
        "  outcome <> 'rejected' OR reconsideration = 'changed_in_part' FROM appeals"
        " WHERE outcome IN ('rejected', 'granted', 'granted_in_part', 'remanded')"
        " UNION ALL SELECT case_id, id, reconsidered_on, NULL, '', NULL, true FROM appeals"
        " WHERE state = 'lapsed'"
        "  AND outcome NOT IN ('rejected', 'granted', 'granted_in_part', 'remanded')"
    ),
    "against_advice": (
        "SELECT case_id, id, decided_on, NULL, '', NULL, CASE WHEN kind = 'end' THEN advice <> 'false'"
        "  ELSE advice = 'unknown' OR (outcome = 'granted' AND advice <> 'true')"
        "   OR (outcome = 'refused' AND advice = 'true') END"
        " FROM decisions WHERE state = 'decided'"
        "  AND kind IN ('support_to_obtain_housing', 'housing', 'extension', 'end')"
    ),
    "decision_time": (
        "SELECT DISTINCT ON (d.case_id) d.case_id, d.id, d.decided_on, NULL, '',"
        "  d.decided_on - c.opened_on, NULL FROM decisions d JOIN cases c ON c.id = d.case_id"
        " WHERE d.state = 'decided' AND d.kind IN ('support_to_obtain_housing', 'housing')"
        " ORDER BY d.case_id, d.decided_on, d.id"
    ),
    "incidents": (
        "SELECT case_id, id, (received_at AT TIME ZONE 'Europe/Stockholm')::date, NULL, '', NULL, NULL"
        " FROM incidents WHERE coalesce(outcome, '') NOT IN ('unfounded', 'duplicate')"
    ),
    "warnings": (
        "SELECT case_id, id, happened_on, NULL, '', NULL, NULL FROM ladder_steps WHERE kind = 'demand'"
    ),
    "evictions_averted": (
        "SELECT e.case_id, e.id, e.ended_on, NULL, '', NULL, NULL FROM evictions e"
        "  JOIN ladders l ON l.id = e.ladder_id"
        "  WHERE e.state = 'withdrawn' AND l.state <> 'moved_out'"
        " UNION ALL SELECT e.case_id, r.id, e.occurred_on, NULL, '', NULL, NULL FROM case_events e"
        "  JOIN recovery_periods r ON r.id = e.subject_id"
        "  WHERE e.kind = 'recovery_ended' AND r.state IN ('paid', 'assumed')"
    ),
    "transfers": (
        "SELECT case_id, id, closed_on, NULL, '', NULL, NULL FROM transfer_requests"
        "  WHERE state = 'moved'"
        " UNION ALL SELECT case_id, id, moved_on, NULL, '', NULL, NULL FROM handovers"
        "  WHERE side = 'receiving' AND case_id IS NOT NULL AND state = 'moved'"
    ),
}


def facts(database: psycopg.Connection, tenant_id: UUID) -> set[tuple[Any, ...]]:
    """All facts of these chapters: case, indicator, of, begins, ends, programme, step, area, groups,
    amount, met."""
    found = set()
    for code, query in _PLAIN.items():
        for case, of, begins, ends, programme, amount, met in database.execute(query):
            found.add((case, code, of, begins, ends, programme, "", "", (), amount, met))
    found |= _arrears(database)
    found |= _unexecuted(database)
    found |= _follow_ups(database, tenant_id)
    return found | _of_people(database, tenant_id)


def _plain(case: UUID, code: str, of: UUID, begins: date, **more: Any) -> tuple[Any, ...]:
    given = {"ends": None, "programme": "", "groups": (), "amount": None, "met": None} | more
    head = (case, code, of, begins, given["ends"], given["programme"], "", "")
    return (*head, given["groups"], given["amount"], given["met"])


def _arrears(database: psycopg.Connection) -> set[tuple[Any, ...]]:
    """Day by day: from the first event on, does any account owe?"""
    lines = database.execute(
        "SELECT e.case_id, c.closed_on, e.occurred_on, e.kind, e.subject_id FROM case_events e"
        " JOIN cases c ON c.id = e.case_id WHERE e.kind IN ('arrears_registered', 'arrears_settled')"
        " ORDER BY e.case_id, e.occurred_on, e.id"
    ).fetchall()
    found: set[tuple[Any, ...]] = set()
    for (case, closed), events in groupby(lines, key=lambda one: (one[0], one[1])):
        by_day = {day: [*of] for day, of in groupby(events, key=lambda one: one[2])}
        owing: set[UUID] = set()
        begun: date | None = None
        for day in (*sorted(by_day), None):
            for *_, kind, account in by_day.get(day, ()) if day is not None else ():
                (owing.add if kind == "arrears_registered" else owing.discard)(account)
            if begun is None and owing:
                begun = day
            elif begun is not None and (day is None or not owing):
                ends = min((one for one in (day, closed) if one is not None), default=None)
                if ends is None or ends > begun:
                    found.add(_plain(case, "arrears", case, begun, ends=ends))
                    found.add(_plain(case, "arrears_new", case, begun))
                begun = None
    return found


_CARRIED_OUT = {
    "support_measure": ("planning_started", "support_assigned"),
    **dict.fromkeys(
        ("housing", "support_to_obtain_housing"),
        ("contract_signed", "guarantee_issued", "moved_in", "lease_taken_over"),
    ),
}
_BROKEN = ("contract_ended", "keys_returned")


def _timeline(database: psycopg.Connection) -> dict[UUID, list[tuple[str, date]]]:
    """The events of each case, on the days that hold."""
    found: dict[UUID, list[tuple[str, date]]] = {}
    for case, kind, day in database.execute(
        "SELECT e.case_id, e.kind, coalesce((SELECT (r.data->>'to')::date FROM case_events r"
        "  WHERE r.case_id = e.case_id AND r.kind = 'day_corrected' AND r.subject_id = e.subject_id"
        "   AND r.data->>'event' = e.kind"
        "  ORDER BY r.occurred_on DESC, r.recorded_at DESC, r.id DESC LIMIT 1), e.occurred_on)"
        " FROM case_events e"
    ):
        found.setdefault(case, []).append((kind, day))
    return found


def _unexecuted(database: psycopg.Connection) -> set[tuple[Any, ...]]:
    timeline = _timeline(database)
    found: set[tuple[Any, ...]] = set()
    for row in database.execute(
        "SELECT case_id, id, kind, decided_on, valid_until, ended_on, altered_by_id, executed_on,"
        " contract_id FROM decisions WHERE state = 'decided' AND outcome = 'granted'"
        " AND kind IN ('support_to_obtain_housing', 'housing', 'support_measure')"
    ).fetchall():
        decision = dict(zip(_DECISION, row, strict=True))
        lines = timeline.get(decision["case"], [])
        days = [day for _, day in lines] + [one for one in row if isinstance(one, date)]
        first, last = decision["decided_on"], max(days) + timedelta(days=500)
        begun: date | None = None
        day = first
        while day <= last:
            late = _late(decision, lines, day)
            if late and begun is None:
                begun = day
            if not late and begun is not None:
                found.add(_plain(row[0], "unexecuted", row[1], begun, ends=day))
                begun = None
            day += timedelta(days=1)
        if begun is not None:
            found.add(_plain(row[0], "unexecuted", row[1], begun))
    return found


_DECISION = (
    *("case", "id", "kind", "decided_on", "valid_until", "ended_on", "altered_by_id"),
    *("executed_on", "contract_id"),
)


def _late(decision: dict[str, Any], lines: list[tuple[str, date]], day: date) -> bool:
    """Whether the decision has waited longer than the law's months on a day."""
    decided, until = decision["decided_on"], decision["valid_until"]
    if decision["ended_on"] is not None and decision["ended_on"] <= day:
        return False
    if until is not None and until < day and decision["altered_by_id"] is None:
        return False
    since = max(
        (on for kind, on in lines if kind == "programme_changed" and on <= decided), default=None
    )
    done = [
        on
        for kind, on in lines
        if kind in _CARRIED_OUT[decision["kind"]] and (since is None or on >= since)
    ]
    if decision["executed_on"] is not None:
        done.append(decision["executed_on"])
    if decision["contract_id"] is not None:
        done.append(decided)
    carried_out = max((on for on in done if on <= day), default=None)
    waits_from = decided
    if carried_out is not None:
        if decision["kind"] == "support_measure":
            return False
        broken = [on for kind, on in lines if kind in _BROKEN and carried_out < on <= day]
        if not broken:
            return False
        waits_from = max(decided, *broken)
    months = law_pack().param("unexecuted_months", waits_from)
    assert isinstance(months, int)
    return day > add_months(waits_from, months)


def _follow_ups(database: psycopg.Connection, tenant_id: UUID) -> set[tuple[Any, ...]]:
    rows = database.execute(
        "SELECT case_id, id, due_on, programme, code, state = 'done' AND done_on <= due_on"
        " FROM obligations WHERE state IN ('open', 'done', 'missed') AND anchor <> 'day_set'"
    ).fetchall()
    found: set[tuple[Any, ...]] = set()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        for case, of, due, programme, code, met in rows:
            pack = pack_of(session.find(Case, case))
            if programme not in pack.programmes:
                continue
            duties = pack.programme(programme).obligations
            duty = next((one for one in duties if one.id == code), None)
            if duty is not None and (duty.every is not None or not duty.ends):
                fact = _plain(case, "follow_ups_on_time", of, due, programme=programme, met=met)
                found.add(fact)
    return found


def _of_people(database: psycopg.Connection, tenant_id: UUID) -> set[tuple[Any, ...]]:
    """What is told of ages and sexes, which stand sealed."""
    households = dict(database.execute("SELECT id, household_id FROM cases").fetchall())
    members: dict[UUID, list[tuple[UUID, str, date | None]]] = {}
    for household, person, role, until in database.execute(
        "SELECT household_id, person_id, role, until FROM household_members ORDER BY id"
    ):
        members.setdefault(household, []).append((person, role, until))
    evictions = database.execute(
        "SELECT case_id, id, ended_on FROM evictions WHERE state = 'carried_out'"
    ).fetchall()
    decisions = database.execute(
        "SELECT case_id, id, decided_on, outcome = 'granted' FROM decisions"
        " WHERE state = 'decided' AND kind IN ('support_to_obtain_housing', 'housing')"
    ).fetchall()
    found: set[tuple[Any, ...]] = set()
    with tenant_session(Audience.WORKER, tenant_id) as session:

        def children(case: UUID, day: date) -> int:
            return sum(
                (until is None or until > day)
                and add_months(session.find(Person, person).birth_date, 18 * 12) > day
                for person, _, until in members.get(households[case], ())
            )

        def groups(case: UUID, day: date) -> tuple[str, ...]:
            told: list[str] = []
            for person_id, role, _ in members.get(households[case], ()):
                if role == "applicant":
                    person = session.find(Person, person_id)
                    if person.number_kind == "personal":
                        told.append("sex:" + ["woman", "man"][int(open_number(person)[10]) % 2])
                    for least, band in ((65, "65-"), (45, "45-64"), (25, "25-44"), (18, "18-24")):
                        if add_months(person.birth_date, least * 12) <= day:
                            told.append(f"age:{band}")
                            break
                    break
            return (*told, "children:yes" if children(case, day) else "children:no")

        for case, of, day in evictions:
            if amount := children(case, day):
                found.add(_plain(case, "children_evicted", of, day, amount=amount))
        for case, of, day, met in decisions:
            found.add(_plain(case, "granted", of, day, groups=groups(case, day), met=met))
    return found
