"""Which cases are counted anew: those that something was written down of."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import sleep
from uuid import UUID

import pytest

from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import real_now, today
from hemvist.contracts.models import Contract
from hemvist.deadlines import service as deadlines
from hemvist.indicators.running import changed_since, count_cases
from hemvist.tenancy import Audience, tenant_session
from hemvist.units import service as units
from hemvist.units.models import Unit
from hemvist_counted import agree, counted
from hemvist_world import World, caseworker_of, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


def changed(world: World, since: datetime) -> set[UUID]:
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        found = changed_since(session, since)
    assert len(found) == len(set(found))
    return set(found)


def moment() -> datetime:
    """An instant of its own: ids tell milliseconds apart, and no less."""
    sleep(0.002)
    return real_now()


def test_a_line_in_the_timeline_and_the_households_other_cases(world: World) -> None:
    first, other = world.case(), world.case()
    world.act(
        caseworker_of("SOF-VUX"),
        closing.close,
        case_id=first.id,
        reason="own_home",
        expected_version=world.again(first).version,
    )
    began = moment()
    assert changed(world, began) == set()
    again = world.act(
        caseworker_of("SOF-VUX"),
        cases.open_case,
        household_id=first.household_id,
        department="SOF-VUX",
    )
    # Whether somebody came back is a fact of the case that knew them before, too.
    assert changed(world, began) == {first.id, again.id}
    assert other.id in changed(world, began - timedelta(hours=1))


def test_a_duty_that_time_has_laid_out_leaves_no_line(world: World) -> None:
    case = world.case()
    began = moment()
    with world.session() as session:
        found = session.find(Case, case.id)
        deadlines.set_day(
            session,
            case_id=case.id,
            programme="municipal_contract",
            pack=pack_of(found),
            code="review",
            subject_id=case.id,
            set_on=today(),
            due_on=today(),
            by=["referring"],
            departments=["SOF-VUX"],
            label={"sv": "Prov", "en": "Test"},
        )
    assert changed(world, began) == {case.id}


def test_a_home_whose_area_was_corrected_leaves_no_line(database: str) -> None:
    world = new_world()
    case = world.case()
    world.housed(case)
    counted(world.tenant_id)
    (contract,) = world.rows(Contract, case_id=case.id)
    (unit,) = world.rows(Unit, id=contract.unit_id)
    began = moment()
    assert changed(world, began) == set()
    words = {"unit_id": unit.id, "expected_version": unit.version}
    world.act("property", units.change, **words, area="Annanstans")
    assert changed(world, began) == {case.id}
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert count_cases(session, [case.id])
    assert {one[7] for one in agree(world.tenant_id) if one[1] == "moved_in"} == {"Annanstans"}
    assert changed(world, began) == set()
