"""Incidents of Karlstad: taken in, judged, acted on, closed, with the 48 hours by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hemvist.cases import service as cases
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case, CaseEvent
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.incidents import service
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import Incident, IncidentAction
from hemvist.notices.models import Notice
from hemvist.outbox import OutboxEvent
from hemvist_incidents import CASEWORKER, CONTENT, PACK, SIGNED_ON, at, social_contract
from hemvist_incidents import report as reported
from hemvist_pack_cases import Walk
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_world import adult, child, manager_of


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Karlstad with a support worker and another department."""
    made = Walk.of(PACK, "ASF", "BG", "1780", CONTENT)
    made.world.add("support", Membership(Role.SUPPORT_WORKER, "ASF"))
    made.world.add("stranger", Membership(Role.CASEWORKER, "SN"))
    return made


@pytest.fixture(scope="module")
def case(walk: Walk) -> Case:
    """A social contract since November 2025."""
    return social_contract(walk.world)


def report(walk: Walk, case: Case, who: str = CASEWORKER, **changes: Any) -> Incident:
    """A landlord's report of a disturbance on 23 December at four."""
    return reported(walk.world, case, who, **changes)


def clocks(walk: Walk, incident: Incident) -> list[ServiceClock]:
    """The incident's clocks."""
    return walk.world.rows(ServiceClock, incident_id=incident.id)


def act(walk: Walk, verb: Any, incident: Incident, who: str = CASEWORKER, **given: Any) -> Any:
    """One act on the incident by its present version."""
    version = walk.world.again(incident).version
    return walk.world.act(who, verb, incident_id=incident.id, expected_version=version, **given)


def assess(walk: Walk, incident: Incident, severity: str = "minor", **given: Any) -> Any:
    """Judged by the caseworker."""
    words = {"severity": severity, "reason": "Första gången; ingen skada."} | given
    return act(walk, service.assess, incident, **words)


def test_the_landlords_report_before_christmas_is_due_on_christmas_day(
    walk: Walk, case: Case
) -> None:
    """KSD-07: 48 hours by the clock, also over the holidays; the home's contract is found."""
    incident = report(walk, case)
    [clock] = clocks(walk, incident)
    assert (clock.code, clock.event, clock.state) == ("call_out", "problem_reported", "running")
    assert clock.due_at == datetime(2025, 12, 25, 15, tzinfo=UTC)
    assert clock.departments == ["ASF"] and clock.source == "karlstad/sociala-kontrakt"
    assert incident.unit_id is not None and incident.contract_id is not None
    [line] = walk.world.rows(CaseEvent, subject_id=incident.id, kind="incident_reported")
    assert line.occurred_on == date(2025, 12, 23)
    assert line.data == {"kind": "disturbance", "clocks": ["call_out"]}


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-28 14:00", "2026-03-30 15:00"),
        ("2026-10-24 14:00", "2026-10-26 13:00"),
    ],
)
def test_forty_eight_hours_are_hours_also_when_the_clocks_change(
    walk: Walk, case: Case, received: str, due: str
) -> None:
    incident = report(
        walk, case, received_at=at(received), happened_on=at(received).date(), kind="neglect"
    )
    [clock] = clocks(walk, incident)
    assert clock.due_at == at(due) and clock.due_at - clock.started_at == timedelta(hours=48)


def test_what_was_done_in_time_and_registered_afterwards_is_kept(walk: Walk, case: Case) -> None:
    """Told as late, then registered: what happened counts, and the telling stays."""
    incident = report(walk, case)
    [clock] = clocks(walk, incident)
    just_before = clock.due_at - timedelta(seconds=1)
    assert chores.escalate_clocks(walk.world.tenant_id, just_before) == 0
    assert chores.escalate_clocks(walk.world.tenant_id, clock.due_at) >= 1
    assert walk.world.again(clock).state == "late"
    given = {"kind": "called_out", "notes": "Var där och talade med hyresgästen."}
    act(walk, service.act, incident, at=just_before, service_clock_ids=[clock.id], **given)
    again = walk.world.again(clock)
    assert (again.state, again.stopped_at) == ("kept", just_before)
    assert again.escalated_at is not None
    with pytest.raises(ValidationFailed) as twice:
        act(walk, service.act, incident, service_clock_ids=[clock.id], **given)
    assert twice.value.problems[0].rule == "not_waiting"


def test_the_instant_itself_is_too_late(walk: Walk, case: Case) -> None:
    incident = report(walk, case)
    [clock] = clocks(walk, incident)
    given = {"kind": "called_out", "notes": "Var där.", "service_clock_ids": [clock.id]}
    act(walk, service.act, incident, at=clock.due_at, **given)
    assert walk.world.again(clock).state == "late"


def test_a_clock_that_ran_out_is_told_to_the_manager_once(walk: Walk, case: Case) -> None:
    incident = report(walk, case)
    [clock] = clocks(walk, incident)
    later = clock.due_at + timedelta(hours=1)
    assert chores.escalate_clocks(walk.world.tenant_id, later) >= 1
    assert chores.escalate_clocks(walk.world.tenant_id, later) == 0
    for event in walk.world.rows(OutboxEvent, type="service_clock_late"):
        handle(walk.world.tenant_id, event.id)
        handle(walk.world.tenant_id, event.id)
    notices = walk.world.rows(Notice, subject_id=clock.id)
    assert {(one.role, one.department) for one in notices} == {
        ("department_manager", "ASF"),
        ("caseworker", "ASF"),
    }
    assert len(notices) == 2


def test_a_neighbours_report_starts_no_landlords_clock_and_may_be_anonymous(
    walk: Walk, case: Case
) -> None:
    incident = report(
        walk, case, reported_by="neighbour", anonymous=True, reporter_name="", channel="letter"
    )
    assert clocks(walk, incident) == []
    with pytest.raises(ValidationFailed) as named:
        report(walk, case, reported_by="neighbour", anonymous=True)
    assert [(one.field, one.rule) for one in named.value.problems] == [
        ("reporterName", "anonymous")
    ]
    with pytest.raises(ValidationFailed):
        report(walk, case, anonymous=True, reporter_name="")


def test_a_report_on_a_home_finds_who_lived_there(walk: Walk, case: Case) -> None:
    first = report(walk, case)
    by_unit = report(walk, case, "property", unit_id=first.unit_id)
    by_contract = report(walk, case, contract_id=first.contract_id)
    assert {by_unit.case_id, by_contract.case_id} == {case.id}
    assert by_unit.department == "BG" and first.department == "ASF"
    with pytest.raises(ValidationFailed) as empty:
        report(walk, case, "property", unit_id=first.unit_id, happened_on=date(2025, 1, 1))
    assert empty.value.problems[0].rule == "nobody_lives_there"
    with pytest.raises(NotFound):
        report(walk, case, unit_id=first.unit_id, happened_on=date(2025, 1, 1))
    with pytest.raises(ValidationFailed) as both:
        report(walk, case, unit_id=first.unit_id, contract_id=first.contract_id)
    assert both.value.problems[0].rule == "say_one"
    for given in ({"unit_id": first.unit_id}, {"contract_id": first.contract_id}, {}):
        with pytest.raises(NotFound):
            report(walk, case, "stranger", **given)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"what": "  "}, "what", "required"),
        ({"kind": "noise"}, "kind", "unknown_choice"),
        ({"received_at": datetime(2999, 1, 1, tzinfo=UTC)}, "receivedAt", "future"),
        ({"happened_on": date(2025, 12, 24)}, "happenedOn", "after_report"),
        ({"happened_at": at("2025-12-23 02:00")}, "happenedAt", "another_day"),
    ],
)
def test_a_report_that_does_not_hold_names_its_field(
    walk: Walk, case: Case, changes: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        report(walk, case, **changes)
    assert (field, rule) in [(one.field, one.rule) for one in refused.value.problems]


def test_an_incident_is_judged_answered_and_closed(walk: Walk, case: Case) -> None:
    incident = report(walk, case)
    closing = {"outcome": "corrected", "note": "Lugnt sedan dess.", "confirmed": True}
    with pytest.raises(Conflict) as early:
        act(walk, service.close, incident, **closing)
    assert early.value.rule == "not_assessed"
    assess(walk, incident, "serious")
    with pytest.raises(Conflict) as running:
        act(walk, service.close, incident, **closing)
    assert running.value.rule == "clocks_running"
    [clock] = clocks(walk, incident)
    done = at("2025-12-24 10:00")
    act(
        walk,
        service.act,
        incident,
        "support",
        kind="visited",
        notes="Hembesök.",
        at=done,
        service_clock_ids=[clock.id],
    )
    with pytest.raises(ValidationFailed) as unsaid:
        act(walk, service.close, incident, outcome="corrected", note="Lugnt.")
    assert unsaid.value.problems[0].field == "confirmed"
    closed = act(walk, service.close, incident, **closing)
    assert (closed.state, closed.outcome, closed.confirmed) == ("closed", "corrected", True)
    actions = walk.world.rows(IncidentAction, incident_id=incident.id)
    assert {(one.kind, one.severity) for one in actions} == {
        ("assessed", "serious"),
        ("visited", None),
    }
    with pytest.raises(Conflict):
        assess(walk, incident)


def test_what_was_unfounded_is_closed_with_its_clock_cancelled(walk: Walk, case: Case) -> None:
    incident = report(walk, case)
    act(walk, service.close, incident, outcome="unfounded", note="Det var en annan lägenhet.")
    [clock] = clocks(walk, incident)
    assert (clock.state, clock.reason) == ("cancelled", "Det var en annan lägenhet.")
    chores.escalate_clocks(walk.world.tenant_id, clock.due_at)
    assert walk.world.again(clock).state == "cancelled"


def test_children_in_the_household_are_always_raised(walk: Walk) -> None:
    home = walk.world.household(
        adult(registered_kommun="1780", protection_checked_on=SIGNED_ON),
        child(protection_checked_on=SIGNED_ON),
        department="ASF",
        registered_on=SIGNED_ON,
    )
    opened = walk.world.act(
        CASEWORKER,
        cases.open_case,
        household_id=home.id,
        department="ASF",
        opened_on=SIGNED_ON,
    )
    incident = report(walk, opened)
    with pytest.raises(ValidationFailed) as silent:
        assess(walk, incident)
    assert [(one.field, one.rule) for one in silent.value.problems] == [
        ("childrenNote", "required")
    ]
    judged = assess(walk, incident, children_note="Barnet sov hos mormor; samtal bokat.")
    assert judged.children_note.startswith("Barnet")
    line = walk.world.rows(CaseEvent, subject_id=incident.id, kind="incident_assessed")[0]
    assert line.data == {"severity": "minor", "children": 1}


def test_who_may_do_what(walk: Walk, case: Case) -> None:
    incident = report(walk, case, "support")
    with pytest.raises(NotAllowed):
        act(walk, service.assess, incident, "support", severity="minor", reason="Inget.")
    act(walk, service.act, incident, "support", kind="talked", notes="Samtal.")
    act(walk, service.assess, incident, manager_of("ASF"), severity="minor", reason="Litet.")
    with pytest.raises(NotFound):
        act(walk, service.act, incident, "stranger", kind="talked", notes="Samtal.")
    with pytest.raises(Conflict):
        walk.world.act(
            CASEWORKER,
            service.act,
            incident_id=incident.id,
            expected_version=1,
            kind="talked",
            notes="Samtal.",
        )


def test_disturbances_are_facts_when_they_have_been_looked_into(walk: Walk) -> None:
    case = walk.opened(SIGNED_ON, barred_from_market=True)

    def known(on: date) -> Any:
        found = walk.world.read(lambda session: derived_facts(session, case, on))
        return found.get("disturbances")

    assert known(date(2026, 1, 10)) is None
    incident = report(walk, case)
    assert known(date(2026, 1, 10)) is None
    act(walk, service.close, incident, outcome="unfounded", note="Det var en annan lägenhet.")
    assert known(date(2026, 1, 10)) == ({"on": date(2025, 12, 22), "confirmed": False},)
    assert known(date(2025, 12, 21)) is None
