"""Who proposes and approves, what keeps a case from it, and what the database holds to by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households.models import Person
from hemvist.identity import Membership, Role
from hemvist.migrations.tables import metadata
from hemvist.retention import deleting, running, service
from hemvist.retention.models import RetentionMark, ThinningItem, ThinningRun
from hemvist.tenancy import tenant_session
from hemvist_thinning import FIRST, SECOND, approved, carried_out, old_case, proposed, thinned
from hemvist_thinning import thinning_world as new_thinning_world
from hemvist_world import World, as_owner, caseworker_of, manager_of

VUX = caseworker_of("SOF-VUX")


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own, with two policy officers."""
    return new_thinning_world()


def items(world: World) -> dict[UUID, str]:
    """Cases of all runs by id, with what became of them."""
    return {one.case_id: one.state for one in world.rows(ThinningItem)}


def test_what_is_due_is_gathered_and_the_rest_is_told_by_rule(world: World) -> None:
    due, young = old_case(world), old_case(world, years=4)
    world.case()
    kept = old_case(world, date(1980, 3, 5))
    run = proposed(world)
    assert items(world) == {due.id: "waiting"}
    assert (run.state, run.cases_total, run.cases_done) == ("proposed", 1, 0)
    assert run.judged == {"after_last_note": 1, "not_due": 1, "research_birth_day": 1}
    assert run.preview["cases"] == run.preview["households"] == run.preview["persons"] == 1
    assert run.preview["case_events"] >= 2
    # Nothing is gone yet.
    assert {one.id for one in world.rows(Case)} >= {due.id, young.id, kept.id}


def test_only_another_person_approves(world: World) -> None:
    old_case(world)
    run = proposed(world)
    with pytest.raises(NotAllowed):
        approved(world, run, FIRST)
    for who in (VUX, manager_of("SOF-VUX"), "property"):
        with pytest.raises(NotFound):
            approved(world, run, who)
        with pytest.raises(NotAllowed):
            world.act(who, service.propose)
    assert approved(world, run, SECOND).state == "approved"
    with pytest.raises(Conflict):
        approved(world, run, SECOND)


def test_the_database_refuses_one_person_alone(world: World) -> None:
    old_case(world)
    run = proposed(world)
    with pytest.raises((IntegrityError, DBAPIError)), world.session() as session:
        row = session.find(ThinningRun, run.id)
        row.state, row.approved_by = "approved", row.proposed_by
        session.flush()
    with pytest.raises((IntegrityError, DBAPIError)), world.session() as session:
        session.find(ThinningRun, run.id).state = "running"
        session.flush()
    assert world.again(run).state == "proposed"


def test_the_database_deletes_no_case_that_nobody_approved(world: World) -> None:
    due, open_ = old_case(world), world.case()
    proposed(world)
    for case in (due, open_):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="nobody has approved"),
            tenant_session(Audience.THINNING, world.tenant_id) as session,
        ):
            deleting.delete_case(session, metadata, case.id)
    # No other role may delete at all.
    for audience in (Audience.STAFF, Audience.WORKER):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
            tenant_session(audience, world.tenant_id) as session,
        ):
            session.driver.execute("DELETE FROM cases WHERE id = %s", (due.id,))
    assert len(world.rows(Case)) == 2


def test_one_run_at_a_time_and_one_that_is_withdrawn_changes_nothing(world: World) -> None:
    due = old_case(world)
    run = proposed(world)
    with pytest.raises(Conflict):
        world.act(SECOND, service.propose)
    with pytest.raises(Conflict):
        world.act(FIRST, service.withdraw, run_id=run.id, expected_version=run.version + 1)
    world.act(FIRST, service.withdraw, run_id=run.id, expected_version=run.version)
    assert not running.step(world.tenant_id, run.id, metadata)
    with pytest.raises(Conflict):
        approved(world, run)
    assert [one.id for one in world.rows(Case)] == [due.id]
    assert proposed(world, SECOND).cases_total == 1


def test_a_run_with_nothing_due_is_not_approved(world: World) -> None:
    old_case(world, years=4)
    run = proposed(world)
    with pytest.raises(Conflict):
        approved(world, run)


def hold(world: World, case: Case, who: str = FIRST, **changes: Any) -> RetentionMark:
    """A hold without an end."""
    values = {"case_id": case.id, "kind": "hold", "reason": "Prövas av IVO."} | changes
    return world.act(who, service.place_mark, **values)  # type: ignore[no-any-return]


def test_a_hold_keeps_a_case_out_and_lets_it_in_again(world: World) -> None:
    held, other = old_case(world), old_case(world)
    mark = hold(world, held, VUX)
    run = thinned(world)
    assert run.judged == {"hold": 1, "after_last_note": 1}
    assert [one.id for one in world.rows(Case)] == [held.id]
    assert items(world) == {other.id: "thinned"}
    world.act(FIRST, service.lift_mark, mark_id=mark.id, expected_version=mark.version)
    with pytest.raises(Conflict):
        world.act(FIRST, service.lift_mark, mark_id=mark.id, expected_version=mark.version + 1)
    thinned(world)
    assert world.rows(Case) == world.rows(RetentionMark) == []


def test_a_hold_ends_by_itself(world: World) -> None:
    case = old_case(world)
    mark = hold(world, case, until=today())
    assert proposed(world).judged == {"hold": 1}
    [run] = world.rows(ThinningRun)
    world.act(FIRST, service.withdraw, run_id=run.id, expected_version=run.version)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE retention_marks SET until = %s WHERE id = %s",
            (today() - timedelta(days=1), mark.id),
        )
    thinned(world)
    assert world.rows(Case) == []


def test_a_hold_after_the_approval_stops_it(world: World) -> None:
    case = old_case(world)
    run = approved(world, proposed(world))
    hold(world, case)
    done = carried_out(world, run)
    assert done.state == "done"
    [item] = world.rows(ThinningItem)
    assert (item.state, item.left_because) == ("left", "hold")
    assert done.certificate["left"] == {"hold": 1}
    assert done.certificate["cases"] == []
    assert [one.id for one in world.rows(Case)] == [case.id]


@pytest.mark.parametrize("kind", ["hold", "child_placement"])
def test_the_database_keeps_what_is_marked_whatever_the_worker_thinks(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    case = old_case(world)
    run = approved(world, proposed(world))
    hold(world, case, kind=kind)
    monkeypatch.setattr(running, "in_the_way", lambda *_: None)
    carried_out(world, run)
    [item] = world.rows(ThinningItem)
    assert (item.state, item.left_because) == ("left", "in_use")
    assert [one.id for one in world.rows(Case)] == [case.id]


def test_an_inquiry_waits_for_the_child(world: World) -> None:
    case = old_case(world, date(1980, 3, 3), date(2000, 3, 3))
    people = {one.birth_date.year: one.id for one in world.rows(Person)}
    mark = hold(world, case, kind="child_inquiry", person_id=people[2000])
    run = proposed(world)
    assert run.judged == {"not_due": 1}
    assert mark.person_id == people[2000]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "forever"}, "kind"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"until": today() - timedelta(days=1)}, "until"),
        ({"kind": "child_placement", "until": today()}, "until"),
        ({"kind": "child_inquiry"}, "personId"),
        ({"kind": "child_inquiry", "person_id": UUID(int=7)}, "personId"),
        ({"person_id": UUID(int=7)}, "personId"),
    ],
)
def test_what_a_mark_needs(world: World, changes: dict[str, Any], field: str) -> None:
    case = old_case(world)
    with pytest.raises(ValidationFailed) as told:
        hold(world, case, **changes)
    assert field in {one.field for one in told.value.problems}
    assert world.rows(RetentionMark) == []


@pytest.mark.parametrize(
    "who", [caseworker_of("AMF"), manager_of("AMF"), "property", "admin", "nobody"]
)
def test_who_has_nothing_to_do_with_the_case_marks_nothing(world: World, who: str) -> None:
    case = old_case(world)
    world.add("admin", Membership(Role.TENANT_ADMIN))
    world.add("nobody")
    with pytest.raises(NotFound):
        hold(world, case, who)
    mark = hold(world, case)
    told = []
    for mark_id in (mark.id, UUID(int=7)):
        with pytest.raises(NotFound) as refused:
            world.act(who, service.lift_mark, mark_id=mark_id, expected_version=mark.version)
        told.append(vars(refused.value) | {"said": str(refused.value)})
    assert told[0] == told[1]


def test_another_kommuns_run_is_not_found(world: World) -> None:
    old_case(world)
    run = proposed(world)
    other = new_thinning_world()
    verbs: list[Callable[..., Any]] = [service.approve, service.withdraw]
    for verb in verbs:
        with pytest.raises(NotFound):
            other.act(SECOND, verb, run_id=run.id, expected_version=run.version)
    assert not running.step(other.tenant_id, run.id, metadata)


def test_a_run_that_is_stopped_leaves_what_waits_and_certifies_what_went(world: World) -> None:
    cases = [old_case(world) for _ in range(3)]
    run = approved(world, proposed(world))
    assert running.step(world.tenant_id, run.id, metadata)
    for who in (VUX, "property"):
        with pytest.raises(NotFound):
            world.act(who, service.stop, run_id=run.id, expected_version=run.version)
    now = world.again(run)
    with pytest.raises(Conflict):
        world.act(FIRST, service.stop, run_id=run.id, expected_version=now.version + 1)
    stopped = world.act(FIRST, service.stop, run_id=run.id, expected_version=now.version)
    with pytest.raises(Conflict):
        world.act(SECOND, service.stop, run_id=run.id, expected_version=stopped.version)
    done = carried_out(world, run)
    assert (done.state, done.cases_done, done.cases_total) == ("done", 3, 3)
    assert done.certificate["left"] == {"stopped": 2}
    assert done.certificate["stopped"]["name"] == FIRST
    assert len(done.certificate["cases"]) == 1
    assert len({one.id for one in world.rows(Case)} & {case.id for case in cases}) == 2
    # What was left is found by the next one.
    assert proposed(world).cases_total == 2


def test_one_that_nobody_approved_is_withdrawn_when_it_is_stopped(world: World) -> None:
    old_case(world)
    run = proposed(world)
    assert world.act(SECOND, service.stop, run_id=run.id, expected_version=run.version).state == (
        "withdrawn"
    )


def test_half_a_count_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SLICE", 1)
    for _ in range(2):
        old_case(world)
    run = world.act(FIRST, service.propose)
    running.step(world.tenant_id, run.id, metadata)
    half = world.again(run)
    assert (half.state, half.judged) == ("requested", {"after_last_note": 1})
    ended = world.act(FIRST, service.withdraw, run_id=run.id, expected_version=half.version)
    assert (ended.judged, ended.forecast, ended.cases_total) == ({}, {}, 0)


def test_the_years_in_which_cases_come_due_are_foreseen(world: World) -> None:
    due, young = old_case(world), old_case(world, years=3)
    old_case(world, date(1980, 3, 5))
    held = old_case(world)
    hold(world, held)
    run = proposed(world)
    years = {case.id: (today().year - aged + 5) for case, aged in ((due, 6), (young, 3))}
    assert run.forecast == {
        str(years[due.id]): {"after_last_note": 1, "hold": 1},
        str(years[young.id]): {"after_last_note": 1},
    }
