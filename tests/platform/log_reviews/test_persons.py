"""What a person is told of the log about them: all that was theirs, and nothing that is another's secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist import audit
from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import Membership, Role
from hemvist.log_reviews import persons
from hemvist.log_reviews.persons import Line
from hemvist_arrears import account, imported, row
from hemvist_made_up import a_number
from hemvist_world import World, adult, as_owner, new_world

WHO, REVIEWER = "caseworker SOF-VUX", "reviewer"


@pytest.fixture
def world(database: str) -> World:
    world = new_world()
    world.add(REVIEWER, Membership(Role.LOG_REVIEWER))
    world.add(
        "coordinator", Membership(Role.TRANSFER_COORDINATOR), Membership(Role.CASEWORKER, "AMF")
    )
    return world


def noted(world: World, action: str, who: str = WHO, **columns: Any) -> None:
    """An entry of the log."""
    with world.session(world[who]) as session:
        audit.record(session, world[who], action, **{"kind": "read", **columns})


def told(world: World, number: str) -> list[Line]:
    lines: list[Line] = world.act(REVIEWER, persons.person_log, personal_number=number)
    return [one for one in lines if one.action != "log.review"]


def actions(world: World, number: str) -> set[str]:
    return {one.action for one in told(world, number) if one.action.startswith("test.")}


def number_of(world: World, person: Any) -> str:
    return open_number(world.rows(Person, id=person)[0])


def test_a_case_that_was_read_without_anybody_in_it_is_theirs(world: World) -> None:
    case, other = world.case(), world.case()
    number = number_of(world, world.applicant(case))
    noted(world, "test.case", case_id=case.id)
    noted(world, "test.list", details={"cases": [str(case.id), str(other.id)]})
    noted(world, "test.other", case_id=other.id)
    noted(world, "test.others", case_id=case.id, persons=[world.applicant(other)])
    assert actions(world, number) == {"test.case", "test.list"}


def test_what_landlords_tell_of_their_rent_is_theirs(world: World) -> None:
    number = a_number(today().replace(year=1970, month=3, day=3))
    imported(world, WHO, "SOF-VUX", [row("A-1", Personnummer=number)])
    rent = account(world, "A-1").id
    noted(world, "test.rent", details={"rents": [str(rent)]})
    assert actions(world, number) == {"test.rent"}
    asked = world.rows(AuditEntry, action="log.review")[-1]
    assert asked.details == {"log": "person", "rents": [str(rent)]}


def test_who_has_left_is_told_of_looks_at_them_and_of_nothing_done_since(world: World) -> None:
    """Whoever is kept from knowing is often somebody who has lived there."""
    case = world.case(adult(), adult("partner"))
    applicant = world.applicant(case)
    [partner] = [one.id for one in world.rows(Person) if one.id != applicant]
    number = number_of(world, partner)
    noted(world, "test.act", kind="write", case_id=case.id, persons=[applicant, partner])
    noted(world, "test.page", case_id=case.id, persons=[applicant, partner])
    noted(world, "test.case", case_id=case.id)
    assert actions(world, number) == {"test.act", "test.page", "test.case"}
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE household_members SET until = %s WHERE person_id = %s",
            (today() - timedelta(days=2), partner),
        )
    assert actions(world, number) == {"test.page"}
    assert actions(world, number_of(world, applicant)) == {"test.act", "test.page", "test.case"}


def test_of_a_protected_move_nobody_is_told(world: World) -> None:
    case = world.case()
    person = world.applicant(case)
    for action, more in (
        ("transfer.prepare", {"kind": "write"}),
        ("handover.followed", {"kind": "write"}),
        ("test.subject", {"subject_type": "transfer_request"}),
        ("test.handover", {"subject_type": "handover"}),
        ("test.page", {"details": {"looked_at": [str(person)]}}),
    ):
        noted(world, action, "coordinator", case_id=case.id, persons=[person], **more)
    noted(world, "test.case", "coordinator", case_id=case.id, persons=[person])
    lines = [
        one
        for one in told(world, number_of(world, person))
        if one.action.startswith(("transfer", "handover", "test."))
    ]
    # Nor by the role of who has other business with the case as well.
    assert [(one.action, one.roles) for one in lines] == [("test.case", ["caseworker"])]


def test_entries_of_the_day_of_leaving_still_count(world: World) -> None:
    case = world.case()
    person = world.applicant(case)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE household_members SET until = %s WHERE person_id = %s", (today(), person)
        )
    noted(world, "test.case", case_id=case.id)
    assert actions(world, number_of(world, person)) == {"test.case"}
