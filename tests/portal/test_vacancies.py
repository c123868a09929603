"""The property office's inbox of reported homes, and a unit's own acts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.identity import get_directory
from hemvist.units.models import Unit
from hemvist.vacancies import service
from hemvist.vacancies.models import Vacancy
from hemvist_graphql.ids import global_id
from hemvist_vacancies import flat
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def reported(world: World) -> Vacancy:
    landlord = world.unit().landlord_id
    return world.act("property", service.report, landlord_id=landlord, **flat())  # type: ignore[no-any-return]


def test_the_inbox_is_on_today_and_answered_in_bulk(world: World, visit: LogIn) -> None:
    officer = visit("ingrid.falk")
    good, no, third = (reported(world) for _ in range(3))
    page = officer.get("/helsingborg/today")[1]
    assert "Lediga bostäder att svara hyresvärden på" in page and good.street_address in page
    page = officer.get("/helsingborg/vacancies")[1]
    tick = {one.id: f"{global_id('Vacancy', one.id)}:{one.version}" for one in (good, no, third)}
    assert all(value in page for value in tick.values())
    status, _, where = officer.post(
        "/helsingborg/vacancies", act="take_in", row=[tick[good.id], tick[third.id]]
    )
    assert (status, where) == (303, "/helsingborg/vacancies")
    assert {world.again(one).state for one in (good, third)} == {"taken_in"}
    # One that is answered already is named, and the other answered.
    again = {"act": "decline", "row": [tick[good.id], tick[no.id]], "idempotencyKey": "two"}
    status, page, _ = officer.post("/helsingborg/vacancies", code="too_small", **again)
    assert status == 422 and "1 gjordes, 1 gick inte" in page
    assert (world.again(no).state, world.again(no).decline_code) == ("declined", "too_small")
    assert "För liten" in officer.get("/helsingborg/vacancies?state=declined")[1]


def test_one_is_looked_at_and_taken_in(world: World, visit: LogIn) -> None:
    officer, vacancy = visit("ingrid.falk"), reported(world)
    path = f"/helsingborg/vacancies/{global_id('Vacancy', vacancy.id)}"
    assert "Ta emot bostaden" in officer.get(path)[1]
    status, page, _ = officer.post(f"{path}/decline", expectedVersion="1", code="other")
    assert status == 422 and "Ord till hyresvärden" in page
    status, _, where = officer.post(
        f"{path}/take-in", expectedVersion=str(vacancy.version), source="block_hired"
    )
    assert status == 303 and where.startswith("/helsingborg/units/Unit_")
    page = officer.get(where)[1]
    assert "Blockhyrd" in page and "Tagen emot" in page
    assert visit("aida.lindqvist").get("/helsingborg/vacancies")[0] == 403


def test_a_unit_is_changed_kept_shown_and_given_back(world: World, visit: LogIn) -> None:
    officer, unit = visit("ingrid.falk"), world.unit()
    path = f"/helsingborg/units/{global_id('Unit', unit.id)}"
    page = officer.get(f"{path}/change")[1]
    fields = {
        "rooms": "4",
        "sizeM2": "96,5",
        "rentOre": "9 500",
        "floor": "1",
        "area": "Norr",
        "rentParts.base": "9 000",
        "source": "block_hired",
        "stepFree": "true",
        "stepFreeWidthCm": "90",
        "availableFrom": str(unit.available_from),
    }
    version = re.findall(r'name="expectedVersion" value="(\d+)"', page)[0]
    status, page, _ = officer.post(f"{path}/change", expectedVersion=version, **fields)
    assert status == 422 and "blir tillsammans inte hyran" in page
    fields["rentParts.water"] = "500"
    status, page, where = officer.post(
        f"{path}/change", expectedVersion=version, idempotencyKey="b", **fields
    )
    assert (status, where) == (303, path), page
    row = world.rows(Unit, id=unit.id)[0]
    assert (row.rooms, row.step_free_width_cm, row.rent_parts) == (
        *(4, 90),
        {"base": 900_000, "water": 50_000},
    )
    officer.post(f"{path}/keep", expectedVersion=str(row.version), keptFor="large")
    assert "Sparas för ett annat hushåll" in officer.get(path)[1]
    answer = officer.client.post(
        f"{path}/files",
        data={"csrf": officer.csrf, "idempotencyKey": "p", "kind": "picture"},
        files={"file": ("kök.png", PNG)},
    )
    assert answer.status_code == 303
    (picture,) = set(re.findall(r'src="(/helsingborg/unit-files/[^"]+)"', officer.get(path)[1]))
    assert officer.client.get(picture).headers["content-type"] == "image/png"
    # To others, who see no units, there is none.
    assert visit("aida.lindqvist").get(picture)[0] == 404
    version = str(world.rows(Unit, id=unit.id)[0].version)
    status, page, _ = officer.post(f"{path}/give-back", expectedVersion=version)
    assert status == 422 and "skriv varför" in page.lower()
    status, _, _ = officer.post(
        f"{path}/give-back",
        expectedVersion=version,
        keptBecause="Huset rivs.",
        idempotencyKey="c",
    )
    assert status == 303
    page = officer.get(path)[1]
    assert "Återlämnad" in page and "Huset rivs." in page
