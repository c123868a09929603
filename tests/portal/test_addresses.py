"""The address of a protected household on the portal's pages: absent, and shown with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.households.models import HouseholdMember, Person
from hemvist.identity import get_directory
from hemvist.offers import service as offers
from hemvist.units.models import Unit
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit, fetched
from hemvist_world import World, adult, caseworker_of, peopled

Log = Callable[..., Visit]
CASEWORKER, OFFICER = "aida.lindqvist", "ingrid.falk"
STREET, DESIGNATION = "Gömställegatan 9", "Gömstället 4"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture(scope="module")
def hidden(world: World) -> Case:
    """A protected household that lives at an address that is nowhere else."""
    case = world.case(adult(protection="secrecy_mark"))
    unit = world.unit(street_address=STREET, property_designation=DESIGNATION)
    offer = world.offer(world.registered(case), unit)
    world.contract(
        world.act(
            caseworker_of(case.department),
            offers.accept,
            offer_id=offer.id,
            expected_version=offer.version,
            on=today() - timedelta(days=95),
        )
    )
    return case


def pages(world: World, case: Case) -> list[str]:
    """Every page that speaks of the case's home."""
    [contract] = world.rows(Contract, case_id=case.id)
    [unit] = world.rows(Unit, id=contract.unit_id)
    return [
        f"cases/{global_id('Case', case.id)}",
        f"households/{global_id('Household', case.household_id)}",
        f"contracts/{global_id('Contract', contract.id)}",
        f"units/{global_id('Unit', unit.id)}",
        "units?state=let",
        "today",
    ]


def told(visit: Visit, paths: list[str]) -> set[str]:
    """The pages on which the address stands, of those that the person may open."""
    found = set()
    for path in paths:
        status, page = visit.get(f"/helsingborg/{path}")
        assert status in (200, 403, 404), (path, status)
        if STREET in page or DESIGNATION in page:
            found.add(path)
    return found


def test_no_page_tells_it_until_somebody_asks_with_a_reason(
    world: World, hidden: Case, visit: Log
) -> None:
    caseworker, officer = visit(CASEWORKER), visit(OFFICER)
    paths, case = pages(world, hidden), global_id("Case", hidden.id)
    assert told(caseworker, paths) == told(officer, paths) == set()
    sheet = fetched(officer, "units.xlsx?state=let")
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert "Skyddad adress" in cells and STREET not in cells and DESIGNATION not in cells
    own = f"/helsingborg/cases/{case}"
    page = caseworker.get(own)[1]
    assert "Skyddade personuppgifter" in page and f'href="{own}/address"' in page
    asking = caseworker.get(f"{own}/address")[1]
    assert "Varför behöver du adressen?" in asking and STREET not in asking
    status, page, _ = caseworker.post(f"{own}/address", reason="nyckel")
    assert status == 422 and "Minst 10 tecken" in page and "nyckel" in page and STREET not in page
    status, _, to = caseworker.post(
        f"{own}/address", reason="Nycklarna lämnas i dag.", idempotencyKey="shown"
    )
    assert (status, to.split("?")[0]) == (303, f"{own}/address")
    shown = caseworker.get(f"{own}/address")[1]
    assert STREET in shown and DESIGNATION in shown and "Skriv inte ut sidan" in shown
    # To who asked, and to nobody else.
    assert told(officer, paths) == set()


def test_who_does_not_read_the_case_has_no_form(hidden: Case, visit: Log) -> None:
    path = f"/helsingborg/cases/{global_id('Case', hidden.id)}/address"
    stranger = visit("petra.solberg", "karlstad")
    assert stranger.get(path)[0] in (303, 403, 404)
    assert STREET not in stranger.get(path)[1]


def test_the_register_is_asked_from_the_persons_page(
    world: World, hidden: Case, visit: Log
) -> None:
    [member] = world.rows(HouseholdMember, household_id=hidden.household_id)
    household = global_id("Household", hidden.household_id)
    person = global_id("Person", member.person_id)
    path = f"/helsingborg/households/{household}/persons/{person}"
    caseworker = visit(CASEWORKER)
    page = caseworker.get(f"{path}/protection")[1]
    assert "Fråga registret nu" in page and 'class="protected"' in page
    status, _, to = caseworker.post(f"{path}/check", idempotencyKey="asked")
    assert (status, to.split("?")[0]) == (303, f"/helsingborg/households/{household}")
    [row] = world.rows(Person, id=member.person_id)
    assert row.protection_asked_on is None
