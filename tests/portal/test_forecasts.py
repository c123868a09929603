"""The page of next year's need: what if, the picture and its table, last year's and its error."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity import Membership, Role, get_directory
from hemvist.indicators.forecasting import service
from hemvist.tenancy import tenant_session
from hemvist_forecasts import tell, tell_years, told_month
from hemvist_visits import Visit

Log = Callable[..., Visit]
PAGE = "/helsingborg/figures/forecast"


@pytest.fixture(scope="module")
def told(portal: object) -> None:
    """Four years told of Helsingborg, and the forecast that was kept a year ago."""
    tenant_id = get_directory().tenant_id("helsingborg")
    tell_years(tenant_id, today(), until=13)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert service.keep(session, told_month(today(), 12).replace(day=25))
    lines = []
    for back in range(12, 0, -1):
        month = told_month(today(), back)
        lines += [("waiting", month, month, 170 + 5 * (back % 4)), ("moved_in", month, month, 5)]
        lines.append(("homes_running", month, month, 310))
    tell(tenant_id, lines)


@pytest.fixture
def steering(somebody: Callable[..., Visit]) -> Visit:
    """Somebody of the steering group."""
    return somebody("styr", Membership(Role.STEERING))


def test_too_little_says_what_is_missing(somebody: Callable[..., Visit]) -> None:
    status, page = somebody("tidig", Membership(Role.STEERING)).get(PAGE)
    assert status == 200
    assert "Minst 12 månader i följd" in page and "Ingen prognos är sparad än" in page
    assert "<svg" not in _main(page)


def test_where_homes_are_not_told_those_who_wait_are(
    portal: object, visit: Callable[..., Visit]
) -> None:
    tell_years(get_directory().tenant_id("goteborg"), today(), homes_told=False)
    page = visit("jorge.lindh", "goteborg").get("/goteborg/figures/forecast?moreHomesPerMonth=2")[1]
    main = _main(page)
    assert (
        "redovisas för sällan" in main and "None" not in main and "Kommunens bostäder" not in main
    )
    before, after = _lacking(page)
    assert before - after in (20, 25)
    assert "monthsSooner" not in main.partition("</form>")[0]


@pytest.mark.usefixtures("told")
def test_two_flats_more_a_month(steering: Visit) -> None:
    status, plain = steering.get(PAGE)
    assert status == 200 and "Om det går som hittills väntar omkring" in plain
    assert "moreHomesPerMonth=2" in plain and "Det du frågar" not in plain
    _, asked = steering.get(f"{PAGE}?moreHomesPerMonth=2&moreGuaranteesPerMonth=&monthsSooner=0")
    assert "Med 2 bostäder fler i månaden" in asked and "Det du frågar" in asked
    assert 'value="2"' in asked
    # The same way on, and another beside it: two a month are 24 after a year.
    before, after = _lacking(asked)
    assert [before] == _lacking(plain)
    assert before - after in (20, 25)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("moreHomesPerMonth=51", "från −50 till 50"),
        ("moreGuaranteesPerMonth=-1", "från 0 till 50"),
        ("monthsSooner=25", "från 0 till 24"),
        ("moreHomesPerMonth=många", "Skriv ett heltal."),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(steering: Visit, query: str, said: str) -> None:
    status, page = steering.get(f"{PAGE}?{query}")
    assert status == 422
    field = query.partition("=")[0]
    assert re.search(rf'id="f-{field}"[^>]*aria-invalid="true"', page)
    assert said in page and "Det du frågar" not in page


@pytest.mark.usefixtures("told")
def test_pictures_say_what_they_show_and_hold_no_style(steering: Visit) -> None:
    _, page = steering.get(f"{PAGE}?moreHomesPerMonth=2")
    drawn = [ElementTree.fromstring(one) for one in re.findall(r"<svg.*?</svg>", _main(page), re.S)]
    assert len(drawn) == 2
    for one in drawn:
        assert one.get("role") == "img"
        assert all("style" not in each.attrib for each in one.iter())
        named = {each.get("id") for each in one.iter() if each.get("id")}
        assert {*one.get("aria-labelledby", "").split()} <= named
    answer = steering.client.get(f"{PAGE}.svg?moreHomesPerMonth=2")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/svg+xml"
    assert "prognos-" in answer.headers["content-disposition"]
    saved = ElementTree.fromstring(answer.text)
    assert [one.text for one in saved.iter()] == [one.text for one in drawn[0].iter()]


@pytest.mark.usefixtures("told")
def test_the_tables_to_take_along(steering: Visit) -> None:
    answer = steering.client.get(f"{PAGE}.xlsx?moreHomesPerMonth=2")
    book = load_workbook(io.BytesIO(answer.content))
    year, months, before = (list(one.values)[1:] for one in book.worksheets)
    _, page = steering.get(f"{PAGE}?moreHomesPerMonth=2")
    lacking = [row[2] for row in year if row[0] == "Väntar när året är slut"]
    assert lacking == _lacking(page)
    # Twelve months of two things, as it goes on and as asked; and the forecast of last year.
    assert len(months) == 48 and all(row[4] <= row[3] <= row[5] for row in months)
    assert len(before) == 12
    answer = steering.client.get(f"{PAGE}-before.svg")
    assert ElementTree.fromstring(answer.content).get("role") == "img"


@pytest.mark.usefixtures("told")
def test_last_years_forecast_stands_beside_what_came(steering: Visit) -> None:
    _, page = steering.get(PAGE)
    tenant_id = get_directory().tenant_id("helsingborg")
    with tenant_session(Audience.STAFF, tenant_id) as session:
        lines = service._came(session)
    months = re.search(r"Prognosen och utfallet i tabell</caption>(.*?)</table>", page, re.S)
    assert months is not None
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", months[1], re.S)
    assert len(rows) == 12
    errors = []
    for back, row in zip(range(12, 0, -1), rows, strict=True):
        middle = int(re.search(r"omkring (\d+)", row)[1])  # type: ignore[index]
        came, error = (int(one) for one in re.findall(r'class="num">(\d+)<', row))
        assert came == lines[told_month(today(), back)]
        assert error == abs(middle - came)
        errors.append(error)
    mean = f"{sum(errors) / 12:.1f}".removesuffix(".0").replace(".", ",")
    assert f"slog fel med {mean} hushåll i genomsnitt" in page


@pytest.mark.usefixtures("told")
def test_others_are_not_let_in(somebody: Callable[..., Visit]) -> None:
    for role in (Role.LOG_REVIEWER, Role.TENANT_ADMIN):
        status, page = somebody(f"annan-{role}", Membership(role)).get(PAGE)
        assert status == 403 and "<svg" not in _main(page)


def _main(page: str) -> str:
    return page.partition("<main")[2]


def _lacking(page: str) -> list[int]:
    row = re.search(r"Väntar när året är slut.*?</tr>", page, re.S)
    assert row is not None
    return [int(one) for one in re.findall(r"omkring (\d+)", row[0])]
