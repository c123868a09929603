"""What a landlord reports by its own login becomes an incident; of it the landlord sees its own words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.incidents import feedback, landlord_reports, service
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.landlord_views import REPORT_ANSWERS, REPORT_WORDS, REPORTS
from hemvist.incidents.models import Incident
from hemvist.incidents.report_models import LandlordReport, LandlordReportWord
from hemvist.landlord_events.models import LandlordEvent
from hemvist.landlords.acting import seen_through
from hemvist.landlords.models import Landlord
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_incidents import CASEWORKER, PACK, social_contract
from hemvist_landlords import (
    Member,
    administrator,
    agent,
    district,
    opened,
    organisation_number,
    shut,
)
from hemvist_world import World, new_world

NEED = {"ground": "necessity", "ground_note": "Värden ska veta att vi kom."}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Karlstad."""
    made = new_world(pack=PACK, departments={"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A household with a social contract."""
    return social_contract(world)


@pytest.fixture(scope="module")
def unit(world: World, case: Case) -> Unit:
    """Its home."""
    (contract,) = world.rows(Contract, case_id=case.id)
    (unit,) = world.rows(Unit, id=contract.unit_id)
    return unit  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def number(world: World, unit: Unit) -> str:
    """The organisation number of whose home it is."""
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        found = session.get(Landlord, unit.landlord_id)
        assert found is not None
        return found.organisation_number


@pytest.fixture(scope="module")
def vera(world: World, number: str) -> Member:
    """An administrator of whose home it is."""
    return administrator(world.tenant_id, opened(world.tenant_id, number))


def act(world: World, member: Member, verb: Any, **values: Any) -> Any:
    """``verb`` as the member, in the kommun."""
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        row = verb(session, member.in_kommun(session), **values)
        session.flush()
        return row


def report(world: World, member: Member, unit: Unit, **changes: Any) -> LandlordReport:
    """A disturbance today."""
    given = {"kind": "disturbance", "what": "Hög musik.", "happened_on": today(), **changes}
    found: LandlordReport = act(world, member, landlord_reports.report, unit_id=unit.id, **given)
    return found


def test_it_becomes_an_incident_with_the_guidelines_clock(
    world: World, unit: Unit, vera: Member
) -> None:
    made = report(world, vera, unit, contact="070-174 06 05")
    (incident,) = world.rows(Incident, id=made.incident_id)
    assert (incident.reported_by, incident.channel) == ("landlord", "portal")
    assert (incident.reporter_name, incident.reporter_contact) == (vera.actor.name, "070-174 06 05")
    # The property office is the landlord's counterpart, where it has a part in the case.
    assert incident.department in ("ASF", "BG")
    clocks = world.rows(ServiceClock, incident_id=incident.id)
    promised = next(clock for clock in clocks if clock.event == "problem_reported")
    assert made.due_at == promised.due_at == made.received_at + timedelta(hours=48)
    (seen,) = vera.rows(REPORTS, id=made.id)
    assert LandlordReport.what.opened(world.tenant_id, seen.what_sealed) == "Hög musik."
    assert seen.street_address == unit.street_address
    assert (seen.due_at, seen.answered_at) == (promised.due_at, None)
    assert seen.due_label["sv"] and seen.due_label["en"]


def test_who_reported_stands_in_the_log_and_not_in_the_case(
    world: World, unit: Unit, vera: Member
) -> None:
    made = report(world, vera, unit)
    (line,) = world.rows(CaseEvent, subject_id=made.incident_id, kind="incident_reported")
    assert (line.principal_id, line.actor_name) == (None, "Hemvist")
    (incident,) = world.rows(Incident, id=made.incident_id)
    assert incident.registered_by is None
    (entry,) = world.rows(AuditEntry, subject_id=made.id)
    assert entry.action == "landlord.report"
    assert entry.principal_id is not None
    assert entry.person_ids


def test_the_landlord_reads_the_chosen_words_and_nothing_else(
    world: World, unit: Unit, vera: Member
) -> None:
    made = report(world, vera, unit)
    (incident,) = world.rows(Incident, id=made.incident_id)
    (clock,) = [
        one
        for one in world.rows(ServiceClock, incident_id=incident.id)
        if one.event == "problem_reported"
    ]
    incident = world.act(
        CASEWORKER,
        service.act,
        incident_id=incident.id,
        kind="visited",
        notes="Ett hemligt ord: kanelbulle.",
        service_clock_ids=[clock.id],
        expected_version=incident.version,
    )
    # The clock has stopped inside; what the landlord sees of it is as it was.
    (before,) = vera.rows(REPORTS, id=made.id)
    assert (before.due_at, before.answered_at) == (clock.due_at, None)
    world.act(
        CASEWORKER,
        feedback.tell_landlord,
        incident_id=incident.id,
        words=["received", "under_way"],
        told_how="portal",
        expected_version=incident.version,
        **NEED,
    )
    (answer,) = vera.rows(REPORT_ANSWERS, report_id=made.id)
    assert (answer.words, answer.told_how) == (["received", "under_way"], "portal")
    (after,) = vera.rows(REPORTS, id=made.id)
    assert after.answered_at == answer.told_at < after.due_at
    assert "kanelbulle" not in repr([tuple(after), tuple(answer)])
    types = [one.type for one in world.rows(LandlordEvent, subject_id=made.id)]
    assert sorted(types) == ["report.feedback", "report.received"]


def test_only_what_came_by_login_is_answered_there(world: World, case: Case) -> None:
    by_phone = world.act(
        CASEWORKER,
        service.report,
        case_id=case.id,
        kind="disturbance",
        reported_by="landlord",
        channel="phone",
        what="Bråk.",
        happened_on=today(),
    )
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            CASEWORKER,
            feedback.tell_landlord,
            incident_id=by_phone.id,
            words=["received"],
            told_how="portal",
            expected_version=by_phone.version,
            **NEED,
        )
    assert [(one.field, one.rule) for one in refused.value.problems] == [("toldHow", "no_login")]
    # And nobody at a desk says that something came by a landlord's login.
    with pytest.raises(ValidationFailed) as pretended:
        world.act(
            CASEWORKER,
            service.report,
            case_id=case.id,
            kind="disturbance",
            reported_by="landlord",
            channel="portal",
            what="Bråk.",
            happened_on=today(),
        )
    assert pretended.value.problems[0].field == "channel"


def test_more_is_written_until_the_case_is_over(world: World, unit: Unit, vera: Member) -> None:
    made = report(world, vera, unit)
    act(world, vera, landlord_reports.add_word, report_id=made.id, what="Nu igen i natt.")
    (word,) = vera.rows(REPORT_WORDS, report_id=made.id)
    assert LandlordReportWord.what.opened(world.tenant_id, word.what_sealed) == "Nu igen i natt."
    (line,) = world.rows(CaseEvent, subject_id=made.incident_id, kind="landlord_wrote")
    assert line.principal_id is None
    with pytest.raises(ValidationFailed):
        act(world, vera, landlord_reports.add_word, report_id=made.id, what="  ")


def test_what_is_said_has_to_hold(world: World, unit: Unit, vera: Member) -> None:
    with pytest.raises(ValidationFailed) as refused:
        report(world, vera, unit, kind="gossip", what="", happened_on=today() + timedelta(days=1))
    found = {(one.field, one.rule) for one in refused.value.problems}
    assert found == {
        ("kind", "unknown_choice"),
        ("what", "required"),
        ("happenedOn", "after_report"),
    }
    # Before the household moved in nobody was housed there.
    with pytest.raises(ValidationFailed) as nobody:
        report(world, vera, unit, happened_on=today() - timedelta(days=3000))
    assert [(one.field, one.rule) for one in nobody.value.problems] == [("unitId", "nobody_housed")]


def test_another_landlord_neither_reports_nor_reads(world: World, unit: Unit, vera: Member) -> None:
    made = report(world, vera, unit)
    other = administrator(
        world.tenant_id, opened(world.tenant_id, organisation_number(), "Norra Hem AB")
    )
    assert other.rows(REPORTS) == other.rows(REPORT_ANSWERS) == other.rows(REPORT_WORDS) == []
    with pytest.raises(NotFound):
        seen_through(REPORTS, other.principal_id, made.id)
    with pytest.raises(NotAllowed):
        report(world, other, unit)
    with pytest.raises(NotAllowed):
        act(world, other, landlord_reports.add_word, report_id=made.id, what="Hej.")


def test_an_agent_sees_the_reports_of_its_district(
    world: World, unit: Unit, number: str, vera: Member
) -> None:
    second = administrator(world.tenant_id, vera.landlord_id, "Sara Lindahl")
    made = report(world, vera, unit)
    mine = district(vera, "Här", world.tenant_id, unit.property_designation)
    elsewhere = district(vera, "Där", world.tenant_id, "Provet 9999")
    assert made.id in {row.id for row in agent(vera, second, districts=[mine]).rows(REPORTS)}
    assert agent(vera, second, districts=[elsewhere]).rows(REPORTS) == []


def test_late_is_told_where_nothing_was_answered(world: World, unit: Unit, vera: Member) -> None:
    silent, answered = report(world, vera, unit), report(world, vera, unit)
    (incident,) = world.rows(Incident, id=answered.incident_id)
    world.act(
        CASEWORKER,
        feedback.tell_landlord,
        incident_id=incident.id,
        words=["received"],
        told_how="phone",
        expected_version=incident.version,
        **NEED,
    )
    for made in (silent, answered):
        for clock in world.rows(ServiceClock, incident_id=made.incident_id):
            with tenant_session(Audience.WORKER, world.tenant_id) as session:
                landlord_reports.tell_late(session, clock.id)
    told = {
        made.id: {one.type for one in world.rows(LandlordEvent, subject_id=made.id)}
        for made in (silent, answered)
    }
    assert told[silent.id] == {"report.received", "report.late"}
    assert told[answered.id] == {"report.received", "report.feedback"}


def test_closing_the_door_takes_it_all_away(world: World, unit: Unit, vera: Member) -> None:
    assert vera.rows(REPORTS)
    shut(world.tenant_id, vera.landlord_id)
    assert vera.rows(REPORTS) == vera.rows(REPORT_WORDS) == vera.rows(REPORT_ANSWERS) == []
    with pytest.raises(NotFound):
        report(world, vera, unit)
