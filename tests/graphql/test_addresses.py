"""The address of a protected household stays away everywhere until somebody lets it be shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.circles import service as circles
from hemvist.clock import real_now
from hemvist.offers import service as offers
from hemvist.units import files as unit_files
from hemvist.units.models import Unit
from hemvist.vacancies import service as vacancies
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_protection import looked_up, rely_for
from hemvist_vacancies import flat
from hemvist_world import World, adult, as_owner, caseworker_of, manager_of, new_world

CASE = """query Q($id: ID!) { case(id: $id) {
  offers { unit { ...Home offers { unit { ...Home } } } }
  contracts { unit { ...Home contracts { unit { ...Home } } } }
  household { alias cases { contracts { unit { ...Home } } } } } }
fragment Home on Unit { id addressWithheld streetAddress apartmentNumber postalCode area
  propertyDesignation }"""
UNITS = """query Q { units(first: 50) { edges { node { id addressWithheld streetAddress
  apartmentNumber postalCode area propertyDesignation } } } }"""
WHY = "Nycklarna lämnas i dag."


@pytest.fixture
def fresh(database: str) -> World:
    return new_world()


def homes(found: Any) -> list[dict[str, Any]]:
    """Every unit in an answer."""
    if isinstance(found, list):
        return [home for one in found for home in homes(one)]
    if not isinstance(found, dict):
        return []
    own = [found] if "addressWithheld" in found else []
    return own + [home for one in found.values() for home in homes(one)]


def seen(world: World, who: str, case: Any) -> list[tuple[bool, str]]:
    """How the reader sees each home of the case, and of the list of homes where they read it."""
    found = homes(ask(world[who], CASE, id=global_id("Case", case.id)))
    return [(one["addressWithheld"], one["streetAddress"]) for one in found]


def reveal(world: World, who: str, case: Any, reason: str) -> dict[str, Any]:
    given = {"caseId": global_id("Case", case.id), "reason": reason}
    return command(world[who], "revealAddress", given, "case { id }")


def housed(world: World, **person: Any) -> Any:
    case = world.case(adult(**person))
    world.contract(world.accepted(case, world.registered(case)))
    return case


def test_it_is_absent_by_default_and_shown_to_who_asked(fresh: World) -> None:
    case = housed(fresh, protection="secrecy_mark")
    mine, other = caseworker_of(case.department), "property"
    for who in (mine, other):
        homes_seen = seen(fresh, who, case)
        assert homes_seen and set(homes_seen) == {(True, "Skyddad adress")}
    listed = homes(ask(fresh["property"], UNITS))
    hidden = [one for one in listed if one["addressWithheld"]]
    assert len(hidden) == 1
    for name in ("apartmentNumber", "postalCode", "area", "propertyDesignation"):
        assert hidden[0][name] == ""
    done = reveal(fresh, mine, case, WHY)
    assert done["case"]["id"] == global_id("Case", case.id)
    shown = seen(fresh, mine, case)
    assert shown and all(not held and street != "Skyddad adress" for held, street in shown)
    # For nobody else, and not for long.
    assert set(seen(fresh, other, case)) == {(True, "Skyddad adress")}
    with as_owner(fresh.tenant_id) as connection:
        connection.execute(
            "UPDATE address_reveals SET ends_at = %s, revealed_at = %s",
            (real_now() - timedelta(seconds=1), real_now() - timedelta(minutes=15)),
        )
    assert set(seen(fresh, mine, case)) == {(True, "Skyddad adress")}


def test_an_offer_withholds_it_too_and_a_declined_one_no_more(fresh: World) -> None:
    case = fresh.case(adult(protection="unknown", protection_checked_on=None))
    offer = fresh.offer(fresh.registered(case))
    who = caseworker_of(case.department)
    assert set(seen(fresh, who, case)) == {(True, "Skyddad adress")}
    fresh.act(
        who,
        offers.decline,
        offer_id=offer.id,
        code="wrong_size",
        reason="För liten.",
        expected_version=offer.version,
    )
    assert all(not held for held, _ in seen(fresh, who, case))


def test_of_the_unprotected_it_is_shown_until_the_check_is_too_old(fresh: World) -> None:
    case = housed(fresh)
    who = caseworker_of(case.department)
    assert all(not held for held, _ in seen(fresh, who, case))
    rely_for(fresh.tenant_id, 90)
    looked_up(fresh.tenant_id, case.household_id, 91)
    assert set(seen(fresh, who, case)) == {(True, "Skyddad adress")}


def test_a_reason_is_required(fresh: World) -> None:
    case = housed(fresh, protection="secrecy_mark")
    refused = reveal(fresh, caseworker_of(case.department), case, "kort")
    assert refused["__typename"] == "ValidationFailed"
    assert refused["problems"][0]["rule"] == "too_short"


def test_its_pictures_and_its_landlords_report_tell_no_more(fresh: World) -> None:
    """What says where a home lies beside the home itself, to the office that took it in."""
    owner = fresh.unit().landlord_id
    report = fresh.act("property", vacancies.report, landlord_id=owner, **flat(note="Port B."))
    taken = fresh.act("property", vacancies.take_in, vacancy_id=report.id, expected_version=1)
    unit = fresh.rows(Unit, id=taken.unit_id)[0]
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    fresh.act(
        "property",
        unit_files.add_file,
        unit_id=unit.id,
        kind="picture",
        name="porten.png",
        content=picture,
    )
    asked = """query Q($v: ID!, $u: ID!) { vacancy(id: $v) { streetAddress apartmentNumber postalCode
      area propertyDesignation note unit { addressWithheld } } unit(id: $u) { files { id name } } }"""
    named = {"v": global_id("Vacancy", report.id), "u": global_id("Unit", unit.id)}
    before = ask(fresh["property"], asked, **named)
    assert before["vacancy"]["streetAddress"] == unit.street_address and before["vacancy"]["note"]
    [file] = before["unit"]["files"]
    fresh.offer(fresh.registered(fresh.case(adult(protection="secrecy_mark"))), unit)
    after = ask(fresh["property"], asked, **named)
    assert after["vacancy"] == {
        **dict.fromkeys(("apartmentNumber", "postalCode", "area", "propertyDesignation"), ""),
        "streetAddress": "Skyddad adress",
        "note": "",
        "unit": {"addressWithheld": True},
    }
    assert after["unit"]["files"] == []
    one = ask(fresh["property"], "query Q($id: ID!) { unitFile(id: $id) { id } }", id=file["id"])
    assert one == {"unitFile": None}


def test_of_a_home_that_a_closed_case_holds_nothing_is_told_outside_the_circle(
    fresh: World,
) -> None:
    """Nobody there is known to be protected: who is outside cannot see who it is, so neither where."""
    case = housed(fresh)
    who = caseworker_of(case.department)
    listed = homes(ask(fresh["property"], UNITS))
    assert len(listed) == 1 and not listed[0]["addressWithheld"]
    fresh.act(
        manager_of(case.department),
        circles.close,
        case_id=case.id,
        members=[fresh[who].principal_id],
        reason="Hot mot hushållet.",
        expected_version=fresh.again(case).version,
    )
    [outside] = homes(ask(fresh["property"], UNITS))
    assert (outside["addressWithheld"], outside["streetAddress"]) == (True, "Skyddad adress")
    assert all(not held for held, _ in seen(fresh, who, case))
