"""The landlords' pages on homes: reporting one, a list in Excel, a home with its picture."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.vacancies import service
from hemvist.vacancies.models import Vacancy
from hemvist_landlords import administrator, opened, organisation_number
from hemvist_login import session_cookie
from hemvist_vacancies import FAULTS, two_hundred, workbook
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def karlstad(portal: FastAPI) -> World:
    """A kommun that has opened its door for Vera's landlord."""
    world = peopled(get_directory().tenant_id("karlstad"))
    _, _, session = session_cookie("hyresvard", "vera.nystrom")
    landlord = opened(world.tenant_id, organisation_number())
    administrator(world.tenant_id, landlord, who=session.actor)
    return world


@pytest.fixture
def vera(karlstad: World, visit: LogIn) -> Visit:
    return visit("vera.nystrom", "hyresvard")


def kommun_of(vera: Visit) -> str:
    page = vera.get("/hyresvard/vacancies/new")[1]
    return (
        re.findall(r'name="kommunId" value="([^"]+)"|value="(Kommun_[0-9a-f]{32})"', page)[-1][0]
        or re.findall(r'value="(Kommun_[0-9a-f]{32})"', page)[-1]
    )


def sent(vera: Visit, path: str, name: str, content: bytes, **fields: str) -> tuple[int, str, str]:
    answer = vera.client.post(
        path,
        data={"csrf": vera.csrf, "idempotencyKey": f"k-{name}", **fields},
        files={"file": (name, content)},
        headers=vera.headers,
    )
    return answer.status_code, answer.text, answer.headers.get("location", "")


def test_a_home_is_reported_by_hand_and_what_is_wrong_stays_typed(
    karlstad: World, vera: Visit
) -> None:
    fields = {
        "kommunId": kommun_of(vera),
        "propertyDesignation": "Anmälan 7",
        "streetAddress": "Anmälansgatan 3",
        "apartmentNumber": "1100",
        "postalCode": "651 84",
        "city": "Karlstad",
        "rooms": "2",
        "sizeM2": "58,5",
        "rentOre": "7 450",
        "rentParts.base": "7 000",
        "rentParts.water": "450",
        "availableFrom": str(today()),
    }
    status, page, _ = vera.post("/hyresvard/vacancies/new", **fields)
    assert status == 422 and "10 är entréplanet" in page and 'value="Anmälansgatan 3"' in page
    fields["apartmentNumber"] = "1102"
    status, page, where = vera.post(
        "/hyresvard/vacancies/new", **{**fields, "idempotencyKey": "again"}
    )
    assert (status, where) == (303, "/hyresvard/vacancies")
    page = vera.get("/hyresvard/vacancies")[1]
    assert "Anmälansgatan 3" in page and "Väntar på svar" in page
    (vacancy,) = karlstad.rows(Vacancy, street_address="Anmälansgatan 3")
    assert vacancy.rent_parts == {"base": 700_000, "water": 45_000}
    karlstad.act(
        "property", service.take_in, vacancy_id=vacancy.id, expected_version=vacancy.version
    )
    page = vera.get("/hyresvard/vacancies?state=taken_in")[1]
    (path,) = set(re.findall(r'href="(/hyresvard/units/Unit_[0-9a-f]{32})"', page))
    status, page = vera.get(path)
    assert status == 200 and "Grundhyra" in page and "Ledig" in page
    status, _, where = sent(vera, f"{path}/files", "kök.png", PNG, kind="picture", caption="Köket")
    assert (status, where) == (303, path)
    page = vera.get(path)[1]
    (picture,) = set(re.findall(r'src="(/hyresvard/unit-files/[^"]+)"', page))
    answer = vera.client.get(picture)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_list_in_excel_is_previewed_and_the_chosen_rows_reported(
    karlstad: World, vera: Visit
) -> None:
    assert vera.client.get("/hyresvard/vacancies/template.xlsx").content.startswith(b"PK")
    content = workbook(two_hundred("Portalgatan"))
    status, page, where = sent(vera, "/hyresvard/vacancies/files", "lista.xlsx", content)
    assert status == 422 and "Välj kommun" in page
    kommun = kommun_of(vera)
    status, page, where = sent(
        vera, "/hyresvard/vacancies/files", "min lista.xlsx", content, kommunId=kommun
    )
    assert status == 303 and where.startswith("/hyresvard/vacancies/files/VacancyFile_"), page
    page = vera.get(where)[1]
    for number, (heading, given, _) in enumerate(FAULTS):
        assert f"<td>{heading}</td><td>{given}</td>" in page, heading
        assert f'<td class="num">{11 + 20 * number}</td>' in page
    version = re.findall(r'name="expectedVersion" value="(\d+)"', page)[0]
    good = re.findall(r'name="row" value="(\d+)"', page)
    assert len(good) == 193
    status, _, _ = vera.post(
        f"{where}/import", expectedVersion=version, choosing="true", row=good[:190]
    )
    assert status == 303
    assert len(karlstad.rows(Vacancy, state="reported")) == 190
    page = vera.get(where)[1]
    assert "Utelämnade rader" in page
    # Once more finds it ended, and nothing is lost.
    status, page, _ = vera.post(
        f"{where}/import", idempotencyKey="other", expectedVersion=version, choosing="true"
    )
    assert status in (409, 422)
    assert len(karlstad.rows(Vacancy, state="reported")) == 190


def test_a_file_that_is_no_list_says_what_it_lacks(vera: Visit) -> None:
    kommun = kommun_of(vera)
    status, page, _ = sent(
        vera, "/hyresvard/vacancies/files", "fel.csv", b"Namn;Nummer\r\n1;2\r\n", kommunId=kommun
    )
    assert status == 422 and "Kolumnen Fastighetsbeteckning saknas" in page


def test_another_landlord_s_person_opens_nothing_of_it(karlstad: World, visit: LogIn) -> None:
    stranger = visit("stina.obunden", "hyresvard")
    assert stranger.get("/hyresvard/units")[0] == 200
    page = stranger.get("/hyresvard/vacancies")[1]
    assert "Portalgatan" not in page and "Anmälansgatan" not in page
