"""Figures to steer by on the portal's pages: who sees what, in words, pictures, tables and files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pypdf
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from hemvist.identity import get_directory
from hemvist.indicators.definitions import catalogue
from hemvist_figures import last_month, write_fact
from hemvist_figures_story import tell_three_years
from hemvist_pdf import faults
from hemvist_visits import Visit
from hemvist_world import MUNICIPAL, World, peopled

Log = Callable[..., Visit]
CASEWORKER, STEERING, REVIEWER = "aida.lindqvist", "nils.ekvall", "lars.nyholm"
HERE = "/helsingborg"
FILES = (
    *("report.pdf", "report.xlsx", "flow.svg", "flow.xlsx", "waiting.svg", "waiting.xlsx"),
    *("compare.svg?code=moved_in&by=area", "compare.xlsx?code=guarantee_claims"),
)
PAGES = ("", "/flow", "/compare", "/waiting", "/evicted?by=programme", "/waiting/cases")


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    """Helsingborg with three years of told numbers."""
    world = peopled(get_directory().tenant_id("helsingborg"))
    tell_three_years(world)
    return world


def words(page: str) -> str:
    """A page's own text, without tags and with plain spaces."""
    main = page.split("<main")[1].split("</main>")[0]
    plain = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


def test_the_first_page(world: World, visit: Log) -> None:
    steering = visit(STEERING)
    status, _ = steering.get(HERE)
    assert status == 303
    assert steering.client.get(HERE).headers["location"] == f"{HERE}/figures"
    assert visit(CASEWORKER).client.get(HERE).headers["location"] == f"{HERE}/today"
    status, page = steering.get(f"{HERE}/figures")
    text = words(page)
    assert status == 200 and "None" not in text
    for code in ("waiting", "time_to_home", "homes_running", "moved_on", "evicted"):
        assert catalogue()[code].label["sv"] in text
        assert f'href="{HERE}/figures/{code}#definition"' in page
    # Told in steps, downwards: what it may be is said.
    assert "90–94 ärenden" in text
    assert "omkring 10 färre än året före (100–104 ärenden)" in text
    # Evictions of stretches of another length: only whether they come more often.
    assert "11 hushåll" in text and "mer sällan än" in text
    assert "åt rätt håll" in text and "än året före" in text
    assert page.count("<svg") == 6 and 'style="' not in page
    assert 'aria-current="page">Nyckeltal' in page


def test_an_indicator(world: World, visit: Log) -> None:
    steering = visit(STEERING)
    page = steering.get(f"{HERE}/figures/evicted?months=60")[1]
    text = words(page)
    assert catalogue()["evicted"].limits["sv"] in text
    assert "/cases" not in page
    assert "för få för att visas" in words(steering.get(f"{HERE}/figures/guarantee_claims")[1])
    page = steering.get(f"{HERE}/figures/time_to_home?months=60")[1]
    assert "Definition 99" in page and "ritade var för sig" in page
    page = steering.get(f"{HERE}/figures/moved_in?by=area")[1]
    assert page.count("<svg") == 3 and "Drottninghög" in page
    # Homes in an area are never told: no way leads there.
    assert "by=area" not in steering.get(f"{HERE}/figures/homes_running")[1]
    assert steering.get(f"{HERE}/figures/homes_running?by=area")[0] == 404
    assert steering.get(f"{HERE}/figures/evicted?by=area")[0] == 404
    assert steering.get(f"{HERE}/figures/nothing")[0] == 404
    page = steering.get(f"{HERE}/figures/follow_ups_on_time")[1]
    assert "%" in words(page)


def test_the_flow_and_two_periods(world: World, visit: Log) -> None:
    steering = visit(STEERING)
    text = words(steering.get(f"{HERE}/figures/flow")[1])
    table = text.split("Flödet i tabell")[-1].split("Så räknas det")[0]
    # Evictions were told of both programmes together, so both are one row; a stretch that reaches out
    # of the year is not cut.
    assert "Inte uppdelat" not in table and table.count("hushåll") >= 6
    assert "11 hushåll" not in table and "bara" in table
    assert steering.get(f"{HERE}/figures/flow?year=1999")[0] == 200
    text = words(steering.get(f"{HERE}/figures/compare?code=moved_in&by=area")[1])
    assert "Planteringen" in text and "fler" in text
    text = words(steering.get(f"{HERE}/figures/compare?code=time_to_home")[1])
    assert "dagar" in text
    assert steering.get(f"{HERE}/figures/compare?code=none")[0] == 404


def test_files(world: World, visit: Log) -> None:
    client = visit(STEERING).client
    for name in FILES:
        answer = client.get(f"{HERE}/figures/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["cache-control"] == "no-store"
    pdf = client.get(f"{HERE}/figures/report.pdf").content
    assert faults(pdf) == []
    said = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    for code in ("waiting", "evicted", "follow_ups_on_time"):
        assert catalogue()[code].label["sv"] in said
    assert "Så räknas talen" in said and "Flödet genom boendeformerna" in said
    book = load_workbook(io.BytesIO(client.get(f"{HERE}/figures/report.xlsx").content))
    # One for each that is told, and the definitions.
    assert len(book.sheetnames) == len(catalogue()) + 1
    assert book["Definitioner"].max_row == len(catalogue()) + 1
    sheet = book[catalogue()["evicted"].label["sv"]]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in rows] == [7, 9, 5, 6]
    money = book[catalogue()["guarantee_claims"].label["sv"]]
    assert [money.cell(row, 4).value for row in (2, 3, 4)] == [175_000, 211_000, None]
    assert money.cell(4, 6).value == "för få för att visas"
    svg = ElementTree.fromstring(client.get(f"{HERE}/figures/waiting.svg").content)
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None


def test_tables_of_several_say_what_their_pages_say(world: World, visit: Log) -> None:
    client = visit(STEERING).client

    def rows(name: str) -> list[tuple[object, ...]]:
        book = load_workbook(io.BytesIO(client.get(f"{HERE}/figures/{name}").content))
        # Numbers, and what they mean.
        assert len(book.sheetnames) == 2 and book["Definitioner"].max_row > 1
        return list(book.worksheets[0].iter_rows(min_row=2, values_only=True))

    evicted = catalogue()["evicted"].label["sv"]
    flow = [row for row in rows("flow.xlsx") if row[1] == evicted]
    # Told of both programmes together, and of all.
    assert [row[0] for row in flow][-1] == "Alla tillsammans" and len(flow) == 2
    assert all(row[4] == row[5] for row in flow)
    months = {row[:4] for row in flow}
    assert len({one[2:] for one in months}) == 1
    claims = rows("compare.xlsx?code=guarantee_claims")
    assert {row[7] for row in claims} == {"kronor"}
    assert [row[5] for row in claims if row[5] is not None]
    # What is told in steps has both its ends.
    assert {row[0] for row in rows("compare.xlsx?code=moved_in&by=area")} > {"Planteringen"}
    homes = rows("compare.xlsx?code=homes_running")
    assert all(row[6] - row[5] == 4 for row in homes if row[5] is not None)  # type: ignore[operator]


def test_cases_are_for_those_who_may(world: World, visit: Log) -> None:
    case = world.case()
    write_fact(world, case, "waiting", begins=last_month(), programme=MUNICIPAL)
    officer = visit(CASEWORKER)
    page = officer.get(f"{HERE}/figures/waiting")[1]
    assert f"{HERE}/figures/waiting/cases" in page
    page = officer.get(f"{HERE}/figures/waiting/cases")[1]
    assert case.number in page
    month = f"{last_month():%Y-%m}"
    page = officer.get(f"{HERE}/figures/waiting/cases?first={month}&last={month}")[1]
    assert case.number in page
    # Counted on the month's last day: whose wait had ended is not behind the number.
    over = world.case()
    write_fact(
        world,
        over,
        "waiting",
        begins=last_month(),
        ends=last_month() + timedelta(days=9),
        programme=MUNICIPAL,
    )
    page = officer.get(f"{HERE}/figures/waiting/cases?first={month}&last={month}")[1]
    assert case.number in page and over.number not in page and "vid slutet av" in page
    query = f"by=programme&cell={MUNICIPAL}"
    assert case.number in officer.get(f"{HERE}/figures/waiting/cases?{query}")[1]
    query = "by=programme&cell=rent_guarantee"
    assert case.number not in officer.get(f"{HERE}/figures/waiting/cases?{query}")[1]
    assert visit(STEERING).get(f"{HERE}/figures/waiting/cases")[0] == 403


def test_others_see_no_figures(world: World, visit: Log) -> None:
    reviewer = visit(REVIEWER)
    for page in PAGES:
        assert reviewer.get(f"{HERE}/figures{page}")[0] == 403, page
    for name in FILES:
        assert reviewer.get(f"{HERE}/figures/{name}")[0] == 403, name
    assert f"{HERE}/figures" not in reviewer.get(f"{HERE}/today")[1]


def test_a_kommun_without_numbers(visit: Log, world: World) -> None:
    # Karlstad has told nothing yet.
    officer = visit("ulrika.stenman", "karlstad")
    for page in PAGES[:5]:
        status, shown = officer.get(f"/karlstad/figures{page}")
        assert status == 200 and "None" not in words(shown), page
