"""A landlord reports over the API, one by one and in a list; districts hold here as well."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.vacancies import service
from hemvist.vacancies.models import Vacancy
from hemvist_landlord_api import ask, command
from hemvist_landlords import administrator, agent, district, opened
from hemvist_vacancies import flat, listed, workbook
from hemvist_world import ORGANISATION_NUMBER, World, new_world

#: As little as a picture is.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FILE = "vacancyFile { id state rowsGood rowsFaulty rowsImported version }"


@dataclass(frozen=True)
class Door:
    """A kommun, its door, an administrator of the landlord's and an agent with one property."""

    world: World
    landlord_id: UUID
    kommun: str
    boss: Actor
    agent: Actor


@pytest.fixture(scope="module")
def door(database: str) -> Door:
    world = new_world()
    landlord_id = opened(world.tenant_id, ORGANISATION_NUMBER, "Testvärden AB")
    boss = administrator(world.tenant_id, landlord_id, "Ada")
    other = administrator(world.tenant_id, landlord_id, "Bo")
    north = district(boss, "Norr", world.tenant_id, "Norr 1:1")
    someone = agent(boss, other, districts=[north])
    kommun = ask(boss.actor, "{ kommuner { id } }")["kommuner"][0]["id"]
    return Door(world, landlord_id, kommun, boss.actor, someone.actor)


def said(door: Door, **changes: Any) -> dict[str, Any]:
    values = flat()
    names = {
        "property_designation": "propertyDesignation",
        "street_address": "streetAddress",
        "postal_code": "postalCode",
        "apartment_number": "apartmentNumber",
        "size_m2": "sizeM2",
        "rent_ore": "rentOre",
        "available_from": "availableFrom",
    }
    given = {names.get(name, name): value for name, value in values.items()}
    return {
        **given,
        "availableFrom": str(given["availableFrom"]),
        "kommunId": door.kommun,
        **changes,
    }


def file_of(content: bytes) -> Mapping[str, Any]:
    return {"fileName": "lediga.xlsx", "contentBase64": base64.b64encode(content).decode()}


def test_a_home_is_reported_taken_in_and_shown(door: Door) -> None:
    given = said(door, rentParts={"base": 700_000, "water": 45_000})
    done = command(door.boss, "reportVacancy", given, "vacancy { id state floor rentParts }")
    assert done["vacancy"] | {"id": ""} == {
        "id": "",
        "state": "reported",
        "floor": 1,
        "rentParts": {"base": 700_000, "water": 45_000},
    }
    again = command(door.boss, "reportVacancy", given, "vacancy { id }")
    assert [(one["field"], one["rule"]) for one in again["problems"]] == [
        ("apartmentNumber", "already_reported")
    ]
    (vacancy,) = door.world.rows(Vacancy, state="reported")
    door.world.act(
        "property",
        service.take_in,
        vacancy_id=vacancy.id,
        expected_version=vacancy.version,
    )
    found = ask(
        door.boss,
        "query Q($id: ID!) { vacancy(id: $id) { state answeredOn"
        " unit { id state states { state since } } } }",
        id=done["vacancy"]["id"],
    )["vacancy"]
    unit = found["unit"].pop("id")
    assert found == {
        "state": "taken_in",
        "answeredOn": str(today()),
        "unit": {"state": "vacant", "states": [{"state": "vacant", "since": str(today())}]},
    }
    kept = command(
        door.boss,
        "addUnitFile",
        {
            "unitId": unit,
            "kind": "picture",
            "name": "kök.png",
            "contentBase64": base64.b64encode(PNG).decode(),
        },
        "unitFile { id mediaType }",
    )
    assert kept["unitFile"]["mediaType"] == "image/png"
    # Who lets another property sees neither.
    theirs = ask(door.agent, "{ units { totalCount } vacancies { totalCount } }")
    assert theirs == {"units": {"totalCount": 0}, "vacancies": {"totalCount": 0}}
    assert (
        command(
            door.agent,
            "removeUnitFile",
            {"unitFileId": kept["unitFile"]["id"]},
            "unit { id }",
        )["__typename"]
        == "NotFound"
    )


def test_an_agent_reports_of_the_own_district(door: Door) -> None:
    refused = command(door.agent, "reportVacancy", said(door), "vacancy { id }")
    assert [one["rule"] for one in refused["problems"]] == ["not_in_district"]
    done = command(
        door.agent,
        "reportVacancy",
        said(door, propertyDesignation="NORR 1:1"),
        "vacancy { id propertyDesignation }",
    )
    assert done["vacancy"]["propertyDesignation"] == "Norr 1:1"


def test_a_list_is_read_chosen_from_and_reported(door: Door) -> None:
    rows = [listed(place, "Apigatan") for place in range(5)]
    rows[1]["Hyra"] = "sjutusen"
    given = {"kommunId": door.kommun, **file_of(workbook(rows))}
    file = command(door.boss, "readVacancyFile", given, FILE)["vacancyFile"]
    assert (file["state"], file["rowsGood"], file["rowsFaulty"]) == ("read", 4, 1)
    (row,) = ask(
        door.boss,
        'query Q($id: ID!) { vacancyRows(vacancyFileId: $id, state: "faulty")'
        ' { edges { node { number problems { cell column message(lang: "sv") } } } } }',
        id=file["id"],
    )["vacancyRows"]["edges"]
    assert row["node"]["number"] == 3
    assert (row["node"]["problems"][0]["cell"], row["node"]["problems"][0]["column"]) == (
        "I3",
        "Hyra",
    )
    assert row["node"]["problems"][0]["message"]
    # A colleague with a district of their own sees nothing of a list of all.
    assert ask(door.agent, "{ vacancyFiles { totalCount } }")["vacancyFiles"]["totalCount"] == 0
    done = command(
        door.boss,
        "importVacancyFile",
        {"vacancyFileId": file["id"], "choose": [2, 4], "expectedVersion": file["version"]},
        FILE,
    )["vacancyFile"]
    assert (done["state"], done["rowsImported"]) == ("imported", 2)


def test_a_list_of_another_district_is_faulty_row_by_row(door: Door) -> None:
    rows = [
        listed(0, "Distriktsgatan", Fastighetsbeteckning="norr 1:1"),
        listed(1, "Distriktsgatan"),
    ]
    file = command(
        door.agent,
        "readVacancyFile",
        {"kommunId": door.kommun, **file_of(workbook(rows))},
        FILE,
    )["vacancyFile"]
    assert (file["rowsGood"], file["rowsFaulty"]) == (1, 1)
    assert ask(door.agent, "{ vacancyFiles { totalCount } }")["vacancyFiles"]["totalCount"] == 1
    thrown = command(
        door.agent,
        "discardVacancyFile",
        {"vacancyFileId": file["id"], "expectedVersion": file["version"]},
        FILE,
    )
    assert thrown["vacancyFile"]["state"] == "discarded"


def test_a_file_without_columns_says_which_in_words(door: Door) -> None:
    given = {"kommunId": door.kommun, **file_of(b"Namn;Nummer\r\n1;2\r\n")}
    problems = command(door.boss, "readVacancyFile", given, FILE)["problems"]
    assert "Fastighetsbeteckning" in problems[0]["message"]
