"""Authorities' forms on the portal's pages: prepared, answered, made ready, sent; and the cases behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.authority_forms.definitions import form_on
from hemvist.authority_forms.models import AuthorityForm
from hemvist.authority_forms.running import count
from hemvist.authority_forms.windows import periods
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.ids import new_id
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import global_id
from hemvist_guarantees import guaranteed
from hemvist_visits import Visit, fetched, table, version_of
from hemvist_world import World, peopled

Log = Callable[..., Visit]
CASEWORKER, MANAGER, OFFICER, STEERING = (
    "aida.lindqvist",
    "bengt.sandell",
    "ingrid.falk",
    "nils.ekvall",
)
HERE = "/helsingborg/figures/forms"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def newest(code: str, *, open_on: bool = True) -> str:
    """The newest period that has begun, or that can be handed in."""
    form = form_on(code, today())
    assert form is not None
    return next(
        one.code
        for one in periods(form, today())
        if one.first <= today() and (one.opens <= today() or not open_on)
    )


def prepared(
    world: World, visit: Visit, code: str, period: str, department: str = "SOF-VUX"
) -> tuple[str, Any]:
    """Prepared on the page, counted by the worker: the form's address and its row."""
    status, _, place = visit.post(
        f"{HERE}/prepare",
        form=code,
        department=department,
        period=period,
        idempotencyKey=str(new_id()),
    )
    assert status == 303
    assert "räknas" in visit.get(place)[1]
    [row] = world.rows(AuthorityForm, form=code, period=period, department=department)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        count(session, row.id)
    return place, world.again(row)


def test_from_the_list_to_what_was_sent(world: World, visit: Log) -> None:
    world.housed(world.case())
    caseworker, manager = visit(CASEWORKER), visit(MANAGER)
    page = caseworker.get(HERE)[1]
    assert "Bostadsmarknadsenkäten" in page and "Kartläggning av hemlöshet" in page
    assert "bekräfta dagen hos myndigheten" in page
    period = newest("boverket_market")
    place, _ = prepared(world, caseworker, "boverket_market", period)
    page = caseworker.get(place)[1]
    assert "2 svar saknas" in page and "Bekräfta mot årets blankett" in page
    assert "Gör klar att skicka" not in page
    # What is wrong is said at its question, and nothing of it is kept.
    version = version_of(page, "/answers")
    sent = {"expectedVersion": version, "lacks_homes": "yes", "remarks": ""}
    status, page, _ = caseworker.post(f"{place}/answers", other_homes="många", **sent)
    assert status == 422 and "field__error" in page and 'value="många"' in page
    status, _, there = caseworker.post(f"{place}/answers", other_homes="12", **sent)
    assert (status, there) == (303, place)
    page = manager.get(place)[1]
    assert "svar saknas" not in page
    key = {"expectedVersion": version_of(page, "/ready")}
    assert manager.post(f"{place}/ready", **key)[0] == 303
    page = manager.get(place)[1]
    key = {"expectedVersion": version_of(page, "/sent"), "sentOn": str(today())}
    assert manager.post(f"{place}/sent", **key)[0] == 303
    page = manager.get(place)[1]
    assert "Skickad" in page and "Räkna om" not in page and "Spara svaren" not in page
    assert "Skickad" in manager.get(HERE)[1]
    file = manager.client.get(f"{place}/file", headers=manager.headers)
    assert file.headers["cache-control"] == "no-store"
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Fråga;Svar;Enhet;Underlag"
    assert any(
        line.startswith("Boendelösningar utanför systemet") and ";12;" in line for line in lines
    )


def test_from_a_figure_to_its_cases(world: World, visit: Log) -> None:
    world.housed(world.case())
    caseworker = visit(CASEWORKER)
    place, row = prepared(world, caseworker, "boverket_market", str(today().year))
    assert row.figures["sublet_homes"] >= 1
    page = caseworker.get(f"{place}/cases/sublet_homes")[1]
    number = row.figures["sublet_homes"]
    assert f"<strong>{number}</strong> bostäder" in page
    assert page.count('href="/helsingborg/cases/Case_') >= number
    sheet = fetched(
        caseworker, f"form-cases.xlsx?form={place.rsplit('/', 1)[1]}&question=sublet_homes"
    )
    assert len(table(sheet)) == number
    assert caseworker.get(f"{place}/cases/nothing")[0] == 404


def test_a_great_kommuns_kronor_are_shown(world: World, visit: Log) -> None:
    """More öre than 32 bits hold: on the page, at the cases and in the file."""
    caseworker = visit(CASEWORKER)
    place, row = prepared(world, caseworker, "boverket_market", str(today().year))
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        found = session.find(AuthorityForm, row.id)
        found.figures = {**found.figures, "guarantees_paid": 61_234_567_89}
    said = "61\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89\N{NO-BREAK SPACE}kr"
    assert said in caseworker.get(place)[1]
    assert said in caseworker.get(f"{place}/cases/guarantees_paid")[1]
    file = caseworker.client.get(f"{place}/file", headers=caseworker.headers)
    assert ";61234567,89;" in file.content.decode("utf-8-sig")


def test_the_grant_shows_what_each_application_lacks(world: World, visit: Log) -> None:
    row = guaranteed(world, guarantee_months=24)
    definition = form_on("boverket_grant", today())
    assert definition is not None
    [period] = [
        one.code for one in periods(definition, today()) if one.first <= row.issued_on <= one.last
    ]
    officer = visit(OFFICER)
    place, form = prepared(world, officer, "boverket_grant", period, "FF")
    # Whether the household pays by itself nobody has said.
    assert (form.figures["unknown"], form.figures["to_apply_for"]) == (1, 0)
    page = officer.get(f"{place}/cases/unknown")[1]
    assert "Uppgifter i ansökan" in page and "saknas" in page
    link = f"/helsingborg/guarantees/{global_id('Guarantee', row.id)}"
    assert link in page
    assert officer.get(link)[0] == 200


def test_the_inspectorates_form_leads_to_the_report_that_is_sent(world: World, visit: Log) -> None:
    world.grant(world.case(), on=today() - timedelta(days=150))
    manager = visit(MANAGER)
    period = newest("ivo_unexecuted", open_on=False)
    place, row = prepared(world, manager, "ivo_unexecuted", period)
    page = manager.get(place)[1]
    assert 'href="/helsingborg/unexecuted#h-reports"' in page
    assert "Gör klar att skicka" not in page
    assert row.figures["waiting"] >= 1
    # An entry of the API all the same.
    status, page, _ = manager.post(f"{place}/ready", expectedVersion=str(row.version))
    assert status == 409 and "message-box--error" in page


def test_who_sees_nothing_of_it(world: World, visit: Log) -> None:
    caseworker, steering, officer = visit(CASEWORKER), visit(STEERING), visit(OFFICER)
    place, _ = prepared(
        world, caseworker, "socialstyrelsen_mapping", newest("socialstyrelsen_mapping")
    )
    assert steering.get(HERE)[0] == 403
    assert steering.get(place)[0] in (403, 404)
    assert steering.get(f"{place}/cases/unknown")[0] in (403, 404)
    assert officer.get(place)[0] == 404
    assert 'href="/helsingborg/figures/forms"' in caseworker.get("/helsingborg/today")[1]
    assert 'href="/helsingborg/figures/forms"' not in steering.get("/helsingborg/today")[1]
    assert steering.post(f"{HERE}/prepare", form="boverket_market", department="SOF-VUX",
                         period=newest("boverket_market"))[0] == 403  # fmt: skip


def test_in_english(world: World, visit: Log) -> None:
    caseworker = visit(CASEWORKER)
    place, _ = prepared(world, caseworker, "boverket_market", str(today().year - 2))
    caseworker.headers["Accept-Language"] = "en"
    page = caseworker.get(place)[1]
    assert "Housing market survey" in page and "Answered by hand" in page
