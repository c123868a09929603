"""Comparison with other kommuner on the portal: told before, two people, pictures, and nothing for others."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from hemvist.identity import Membership, Role, get_directory
from hemvist.indicators.definitions import catalogue
from hemvist_compared import WAYS, YEAR, carried, joined, kommun_in_comparisons, told
from hemvist_kommun import Kommun
from hemvist_visits import Visit, version_of

Log = Callable[..., Visit]
HERE = "/helsingborg/figures/others"
ADMIN, STEERING, REVIEWER = "maria.engstrom", "nils.ekvall", "lars.nyholm"


@pytest.fixture(scope="module")
def own(portal: FastAPI) -> Kommun:
    """Helsingborg among two that take part and tell, and one whose inhabitants nobody has entered."""
    found = [
        kommun_in_comparisons(get_directory().tenant_id(slug))
        for slug in ("helsingborg", "goteborg", "norrkoping")
    ]
    for number, one in enumerate(found):
        told(one, "moved_on", 40 + 130 * number)
        told(one, "waiting", 125 + 300 * number, months=(12, 12))
        told(one, "time_to_home", None, months=(1, 5), middle=120 + number * 20)
        told(one, "time_to_home", None, months=(6, 12), middle=140 + number * 15)
    for one in found[1:]:
        joined(one)
    return found[0]


def members(own: Kommun) -> list[Kommun]:
    """Helsingborg and the others."""
    return [own, *(Kommun(get_directory().tenant_id(one)) for one in ("goteborg", "norrkoping"))]


def words(page: str) -> str:
    """A page's own text, without tags and with plain spaces."""
    main = page.split("<main")[1].split("</main>")[0]
    plain = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


def test_who_takes_no_part_is_told_what_it_would_mean(own: Kommun, visit: Log) -> None:
    status, page = visit(STEERING).get(f"{HERE}/{WAYS}")
    text = words(page)
    assert status == 200 and "None" not in text
    assert "Innan ni går med" in text and "minst tre kommuner" in text
    assert "Göteborg" not in text and "<svg" not in page
    # The steering group reads, and decides nothing.
    assert "Föreslå att kommunen går med" not in text
    status, page = visit(STEERING).get(HERE)
    assert status == 200 and "Vägar till hem" in page and "Skulder" in page
    assert visit(STEERING).get(f"{HERE}/nothing")[0] == 404
    for path in (HERE, f"{HERE}/{WAYS}"):
        assert visit(REVIEWER).get(path)[0] == 403


def test_two_people_let_the_kommun_in_and_one_out(
    own: Kommun, visit: Log, somebody: Callable[..., Visit]
) -> None:
    admin, policy = visit(ADMIN), somebody("policy-others", Membership(Role.POLICY_OFFICER))
    page = admin.get(f"{HERE}/{WAYS}")[1]
    assert "Föreslå att kommunen går med" in page
    status, _, where = admin.post(f"{HERE}/{WAYS}", idempotencyKey=admin.key(page))
    assert (status, where) == (303, f"{HERE}/{WAYS}")
    page = admin.get(f"{HERE}/{WAYS}")[1]
    assert "Godkänn att kommunen går med" not in page and "En annan person" in page
    page = policy.get(f"{HERE}/{WAYS}")[1]
    version = version_of(page, f"{WAYS}/join")
    status, page, _ = policy.post(f"{HERE}/{WAYS}/join", expectedVersion=version)
    assert status == 422 and "Kryssa i att du har läst" in page
    status, _, where = policy.post(
        f"{HERE}/{WAYS}/join", expectedVersion=version, read="true", idempotencyKey="join-others-1"
    )
    assert (status, where) == (303, f"{HERE}/{WAYS}")
    assert carried(*members(own)) == 3
    steering = visit(STEERING)
    page = steering.get(f"{HERE}/{WAYS}?year={YEAR}")[1]
    text = words(page)
    assert page.count("<svg") == 3 and 'style="' not in page and "None" not in text
    assert "Helsingborg (er kommun)" in text and "Norrköping" in text
    # 40 of 152 091 inhabitants, and one whose number nobody has entered.
    assert "2,6" in text and "invånarantal saknas" in text and "SCB" in text
    # A stock is told in steps of five downwards.
    assert "120–140 dagar" in text and "125–129" in text
    # Each picture and all tables, to take along.
    assert page.count(f'href="{HERE}/{WAYS}.svg?') == 3
    answer = steering.client.get(f"{HERE}/{WAYS}.svg?indicator=moved_on&year={YEAR}")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert (
        ElementTree.fromstring(answer.content).find("{http://www.w3.org/2000/svg}desc") is not None
    )
    assert steering.get(f"{HERE}/{WAYS}.svg?indicator=evicted&year={YEAR}")[0] == 404
    answer = steering.client.get(f"{HERE}/{WAYS}.xlsx?year={YEAR}")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    given = {row[:2]: row[2:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert len(given) == 9
    moved_on = catalogue()["moved_on"].label["sv"]
    assert given[moved_on, "Helsingborg"][2:4] == (40, 40)
    assert given[moved_on, "Norrköping"][5:] == (None, None)
    assert given[catalogue()["waiting"].label["sv"], "Helsingborg"][2:4] == (125, 129)
    assert admin.client.get(f"{HERE}/{WAYS}.xlsx?year={YEAR}").status_code in (403, 404)
    # Who decides without reading figures is shown none.
    text = words(admin.get(f"{HERE}/{WAYS}")[1])
    assert "Kommunen är med" in text and "Göteborg" not in text
    page = admin.get(f"{HERE}/{WAYS}")[1]
    version = version_of(page, f"{WAYS}/leave")
    assert admin.post(f"{HERE}/{WAYS}/leave", expectedVersion=version)[0] == 303
    text = words(steering.get(f"{HERE}/{WAYS}")[1])
    assert "Göteborg" not in text and "Andra kan ha sparat det" in text
