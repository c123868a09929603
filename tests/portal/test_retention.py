"""Keeping and thinning on the portal's pages: two people, what stops it, and who sees nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.identity import get_directory
from hemvist.migrations.tables import metadata
from hemvist.retention import running
from hemvist.retention.models import RetentionMark, ThinningRun
from hemvist_graphql.ids import global_id
from hemvist_thinning import old_case
from hemvist_visits import Visit
from hemvist_world import World, peopled

Log = Callable[..., Visit]
CASEWORKER, OFFICER, ADMIN, REVIEWER = (
    "aida.lindqvist",
    "karin.dahlgren",
    "maria.engstrom",
    "lars.nyholm",
)
HERE = "/helsingborg"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def worked(world: World) -> None:
    """The worker has done what is its turn."""
    for run in world.rows(ThinningRun):
        while running.step(world.tenant_id, run.id, metadata):
            pass


def number_of(world: World, case: Case) -> str:
    return str(world.rows(Case, id=case.id)[0].number)


def test_a_thinning_takes_two_people(world: World, visit: Log) -> None:
    case, held = old_case(world), old_case(world)
    number = number_of(world, case)
    officer, admin = visit(OFFICER), visit(ADMIN)
    page = officer.get(f"{HERE}/retention")[1]
    assert "Inget är räknat än." in page and "Räkna fram vad som ska gallras" in page
    assert "Räkna fram vad som ska gallras</button>" not in admin.get(f"{HERE}/retention")[1]
    # The caseworker stops one of them from its page.
    caseworker = visit(CASEWORKER)
    place = f"{HERE}/retention/cases/{global_id('Case', held.id)}"
    page = caseworker.get(f"{HERE}/cases/{global_id('Case', held.id)}")[1]
    assert "Ärendet ska gallras sedan" in page and f'href="{place}"' in page
    page = caseworker.get(place)[1]
    assert "Hindra att ärendet gallras" in page and "SoL2025 16:1-4" in page
    status, page, _ = caseworker.post(place, reason="x", idempotencyKey="m0")
    assert status == 422 and "Välj ett av alternativen." in page
    status, page, _ = caseworker.post(place, kind="hold", reason=" ", idempotencyKey="m1")
    assert status == 422 and "Fyll i fältet." in page
    status, _, to = caseworker.post(
        place, kind="hold", reason="Prövas av IVO.", idempotencyKey="m2"
    )
    assert (status, to) == (303, place)
    page = caseworker.get(place)[1]
    assert "Prövas av IVO." in page and "är stoppat" in page and "None" not in page

    status, _, to = officer.post(f"{HERE}/retention", idempotencyKey="r0")
    assert status == 303 and to.startswith(f"{HERE}/retention/runs/")
    assert "Hemvist räknar fram" in officer.get(to)[1]
    worked(world)
    page = officer.get(to)[1]
    assert "Väntar på godkännande" in page and number in page and "None" not in page
    assert "Godkänn gallringen" not in page and "En annan person än den som föreslog" in page
    overview = officer.get(f"{HERE}/retention")[1]
    assert "Prövas av IVO." in overview and "Öppna gallringen" in overview
    assert "Gallringsstopp: 1" in overview
    version = {"expectedVersion": "1"}
    # The same person gets nowhere, however it is sent.
    assert officer.post(f"{to}/approve", looked="true", idempotencyKey="a0", **version)[0] == 403
    status, page, _ = admin.post(f"{to}/approve", idempotencyKey="a1", **version)
    assert status == 422 and "Kryssa i att du har gått igenom förslaget." in page
    status, page, _ = admin.post(
        f"{to}/approve", looked="true", idempotencyKey="a2", expectedVersion="9"
    )
    assert status == 409 or "ändrats" in page
    status, _, back = admin.post(f"{to}/approve", looked="true", idempotencyKey="a3", **version)
    assert (status, back) == (303, to)
    page = officer.get(to)[1]
    assert "0 av 1 ärenden" in page and "Stoppa gallringen" in page
    assert officer.get(f"{to}/certificate")[0] == 404
    worked(world)
    page = officer.get(to)[1]
    assert "Gallringsbevis" in page and number not in page and "None" not in page
    status, text = officer.get(f"{to}/certificate")[:2]
    assert status == 200 and json.loads(text)["approved"]["name"] == "Maria Engström"
    assert {one.id for one in world.rows(Case)} >= {held.id}
    assert caseworker.get(f"{HERE}/cases/{global_id('Case', case.id)}")[0] == 404

    # What was held is lifted, by the officer, who finds the case by its number.
    status, page, _ = officer.post(f"{HERE}/retention/find", number="x")
    assert status == 422 and "Det finns inget avslutat ärende med det numret." in page
    status, _, found = officer.post(f"{HERE}/retention/find", number=number_of(world, held))
    assert (status, found) == (303, place)
    [mark] = world.rows(RetentionMark)
    status, _, found = officer.post(
        f"{place}/lift",
        markId=global_id("RetentionMark", mark.id),
        expectedVersion=str(mark.version),
        idempotencyKey="l0",
    )
    assert (status, found) == (303, place)
    assert "hävt" in officer.get(place)[1]


def test_a_proposal_is_withdrawn(world: World, visit: Log) -> None:
    officer = visit(OFFICER)
    status, _, to = officer.post(f"{HERE}/retention", idempotencyKey="w0")
    assert status == 303
    status, page, _ = officer.post(f"{HERE}/retention", idempotencyKey="w1")
    assert status == 422 or status == 409
    assert "En gallring pågår redan" in page
    status, _, _ = officer.post(f"{to}/stop", expectedVersion="1", idempotencyKey="w2")
    assert status == 303
    page = officer.get(to)[1]
    assert "Återtagen" in page and "Återta förslaget" not in page


def test_others_see_nothing_of_it(world: World, visit: Log) -> None:
    case = old_case(world)
    caseworker, reviewer = visit(CASEWORKER), visit(REVIEWER)
    for who in (caseworker, reviewer):
        assert who.get(f"{HERE}/retention")[0] == 403
        assert who.post(f"{HERE}/retention", idempotencyKey="o0")[0] == 403
        assert f'{HERE}/retention"' not in who.get(f"{HERE}/today")[1]
    assert reviewer.get(f"{HERE}/retention/cases/{global_id('Case', case.id)}")[0] == 404
    assert f'{HERE}/retention"' in visit(OFFICER).get(f"{HERE}/today")[1]


def test_it_speaks_english(world: World, visit: Log) -> None:
    officer = visit(OFFICER)
    english = Visit(officer.client, officer.csrf, {"accept-language": "en"})
    main = english.get(f"{HERE}/retention")[1].split("<main")[1]
    assert "Keeping and thinning" in main and "gallr" not in main and "ärende" not in main
