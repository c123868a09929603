"""A month's sample is drawn of the log once, can be drawn again, and is gone through by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from hemvist.audit import AuditEntry, linking
from hemvist.audit.marks import one_time_key
from hemvist.clock import SWEDISH_TIME, today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.log_reviews import drawing, neighbours, persons, service
from hemvist.log_reviews.models import LogLook, LogSample, StaffAddress
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.units.models import Unit
from hemvist_workers import chores
from hemvist_world import World, at_once, new_world

WHO, MANAGER, REVIEWER, SECOND = "caseworker SOF-VUX", "manager SOF-VUX", "reviewer", "second"
#: The month before this one, and a working day in it.
MONTH = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
NOON = datetime.combine(MONTH + timedelta(days=9), datetime.min.time(), SWEDISH_TIME) + timedelta(
    hours=12
)


@pytest.fixture
def world(database: str) -> World:
    world = new_world()
    for name in (REVIEWER, SECOND):
        world.add(name, Membership(Role.LOG_REVIEWER))
    world.add("steering", Membership(Role.STEERING))
    return world


def looked(
    world: World,
    who: str,
    persons: Sequence[UUID],
    at: datetime = NOON,
    case_id: UUID | None = None,
    kind: str = "read",
) -> UUID:
    """An entry of the month before, as a read would have left it then."""
    made = new_id()
    actor = world[who]
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        session.add(
            AuditEntry(
                id=made,
                at=at.astimezone(UTC),
                kind=kind,
                principal_id=actor.principal_id,
                roles=sorted(role.value for role in actor.roles),
                channel="portal",
                action="CasePage",
                case_id=case_id,
                person_ids=list(persons),
                details={},
                origin="",
                mac=one_time_key(tenant_keys(world.tenant_id)),
            )
        )
    return made


def drawn(world: World) -> list[LogLook]:
    assert chores.draw_log_sample(world.tenant_id)
    return sorted(world.rows(LogLook), key=lambda one: -one.weight)


def test_looks_are_drawn_with_their_reasons(world: World) -> None:
    case = world.case()
    person = world.applicant(case)
    first = looked(world, WHO, [person], case_id=case.id)
    looked(world, WHO, [person], NOON + timedelta(hours=1), case_id=case.id)
    looked(world, MANAGER, [person], NOON.replace(hour=23), case_id=case.id)
    # A list is no look at anybody; another month's entry is another month's.
    looked(world, WHO, [new_id() for _ in range(6)])
    looked(world, WHO, [person], NOON + timedelta(days=40), case_id=case.id)
    night, day = drawn(world)
    assert (night.reasons, night.weight) == (["night"], 6)
    assert (day.reasons, day.weight, day.entries, day.entry_id) == ([], 1, 2, first)
    assert (day.case_number, day.persons, day.action) == (case.number, 1, "CasePage")
    assert day.roles == ["caseworker"]
    [sample] = world.rows(LogSample)
    assert (sample.month, sample.entries, sample.looks) == (MONTH, 4, 2)


def test_it_is_drawn_once_and_can_be_drawn_again(world: World) -> None:
    for number in range(40):
        looked(world, WHO, [new_id()], NOON + timedelta(minutes=number))
    linking.link(world.tenant_id)
    results = at_once(*(lambda: chores.draw_log_sample(world.tenant_id) for _ in range(3)))
    assert sorted(results) == [False, False, True]
    [sample] = world.rows(LogSample)
    kept = {one.entry_id for one in world.rows(LogLook)}
    assert len(kept) == 20
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        again = drawing.drawn_again(session, session.find(LogSample, sample.id))
    assert {one.look.entry_id for one in again} == kept
    assert not chores.draw_log_sample(world.tenant_id)


def test_a_month_begins_and_ends_in_sweden() -> None:
    assert drawing.bounds(date(2026, 12, 1)) == (
        datetime(2026, 11, 30, 23, tzinfo=UTC),
        datetime(2026, 12, 31, 23, tzinfo=UTC),
    )
    assert drawing.bounds(date(2026, 3, 1))[1] == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_a_look_is_signed_off_or_becomes_a_matter(world: World) -> None:
    for who in (WHO, MANAGER):
        looked(world, who, [new_id()])
    one, other = drawn(world)

    def say(look: LogLook, verdict: str, remark: str | None = None, who: str = REVIEWER) -> LogLook:
        said: LogLook = world.act(
            who,
            service.review,
            look_id=look.id,
            verdict=verdict,
            remark=remark,
            expected_version=world.again(look).version,
        )
        return said

    assert say(one, "signed_off").state == "signed_off"
    with pytest.raises(Conflict):
        say(one, "matter", "Varför?")
    with pytest.raises(ValidationFailed):
        say(other, "matter")
    with pytest.raises(ValidationFailed):
        say(other, "approved")
    with pytest.raises(Conflict):
        say(other, "founded", "Nej.")
    assert say(other, "matter", "Fråga chefen.").state == "matter"
    settled = say(other, "unfounded", "Hade jouren.", SECOND)
    assert (settled.state, settled.reviewed_by) == ("unfounded", world[SECOND].principal_id)
    assert world.again(other).remark == "Fråga chefen.\n\nHade jouren."
    verdicts = [row.details["verdict"] for row in world.rows(AuditEntry, subject_type="log_look")]
    assert verdicts == ["signed_off", "matter", "unfounded"]


def test_nobody_reviews_their_own_and_others_learn_of_none(world: World) -> None:
    looked(world, REVIEWER, [new_id()])
    [own] = drawn(world)
    values = {"look_id": own.id, "verdict": "signed_off", "expected_version": 1}
    with pytest.raises(NotAllowed):
        world.act(REVIEWER, service.review, **values)
    with pytest.raises(NotFound):
        world.act(WHO, service.review, **values)
    assert world.act(SECOND, service.review, **values).state == "signed_off"


def test_a_person_is_told_of_their_log_by_roles(world: World) -> None:
    case = world.case()
    person = world.applicant(case)
    looked(world, WHO, [person], case_id=case.id)
    looked(world, WHO, [new_id()])
    number = open_number(world.rows(Person, id=person)[0])
    lines = world.act(REVIEWER, persons.person_log, personal_number=number)
    read = [one for one in lines if one.action == "CasePage"]
    assert [(one.roles, one.kind) for one in read] == [(["caseworker"], "read")]
    assert lines == sorted(lines, key=lambda one: one.at, reverse=True)
    asked = world.rows(AuditEntry, action="log.review")[-1]
    assert (asked.person_ids, asked.details) == ([person], {"log": "person"})
    # Now the asking is in it too.
    again = world.act(REVIEWER, persons.person_log, personal_number=number)
    assert again[0].action == "log.review"
    with pytest.raises(NotAllowed):
        world.act(WHO, persons.person_log, personal_number=number)
    with pytest.raises(ValidationFailed):
        world.act(REVIEWER, persons.person_log, personal_number="Alva")


def test_the_board_is_told_in_figures(world: World) -> None:
    looked(world, WHO, [new_id()], NOON.replace(hour=23))
    looked(world, MANAGER, [new_id()])
    one, _ = drawn(world)
    world.act(REVIEWER, service.review, look_id=one.id, verdict="signed_off", expected_version=1)
    [month] = world.act("steering", service.figures)
    assert (month.month, month.entries, month.looks, month.drawn) == (MONTH, 2, 2, 2)
    assert month.states == {"signed_off": 1, "open": 1}
    assert month.reasons["night"] == 1 and sum(month.reasons.values()) == 1
    with pytest.raises(NotAllowed):
        world.act(WHO, service.figures)


def test_drawing_is_in_the_log_itself(world: World) -> None:
    chores.draw_log_sample(world.tenant_id)
    [entry] = world.rows(AuditEntry, action=drawing.DRAW)
    assert entry.principal_id is None


def test_a_look_at_a_neighbour_weighs_more_once_it_is_known_where_they_live(world: World) -> None:
    case = world.case()
    world.housed(case)
    home = world.rows(Unit)[0]
    looked(world, WHO, [world.applicant(case)])
    looked(world, MANAGER, [world.applicant(case)], case_id=case.id)
    for look in drawn(world):
        assert look.reasons == []
        values = {"look_id": look.id, "postal_code": home.postal_code}
        street = home.street_address.upper() + " B"
        with pytest.raises(ValidationFailed):
            world.act(
                REVIEWER,
                neighbours.state_address,
                look_id=look.id,
                street_address="",
                postal_code="12",
            )
        with pytest.raises(NotFound):
            world.act(WHO, neighbours.state_address, street_address=street, **values)
        # Once more is no second row.
        for _ in range(2):
            world.act(REVIEWER, neighbours.state_address, street_address=street, **values)
    assert len(world.rows(StaffAddress)) == 2
    [sample] = world.rows(LogSample)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        again = drawing.drawn_again(session, session.find(LogSample, sample.id))
    assert [list(one.reasons) for one in again] == [["same_address"], ["same_address"]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Storgatan 1", "252 20"), ("STORGATAN  1 A lgh 1102", "25220"), True),
        (("Storgatan 1", "25220"), ("Storgatan 11", "25220"), False),
        (("Storgatan 1", "25220"), ("Storgatan 1", "25221"), False),
        (("Gården", "25220"), ("gården", "25220"), True),
    ],
)
def test_a_house_is_the_same_whatever_stands_behind_its_number(
    tenant: UUID, one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    keys = tenant_keys(tenant)
    assert (neighbours.digest_of(keys, *one) == neighbours.digest_of(keys, *other)) is same
