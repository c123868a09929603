"""Closed circles on the portal's pages: closed, broken open in need, reviewed, changed and lifted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.circles.models import CaseCircle, CaseOpening
from hemvist.identity import get_directory
from hemvist.identity.models import Principal
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

Log = Callable[..., Visit]
COLLEAGUE, MANAGER, REVIEWER = "aida.lindqvist", "bengt.sandell", "lars.nyholm"
HANDLER = "caseworker SOF-VUX"
WHY, CALLED = "Hot mot den sökande.", "Hon ringer jouren och handläggaren är sjuk."
HERE = "/helsingborg"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture
def case(world: World) -> Case:
    """One that the world's own caseworker handles: the person at the desk is outside its circle."""
    found: Case = world.case()
    return found


def own(case: Case) -> str:
    return f"{HERE}/cases/{global_id('Case', case.id)}"


def person(world: World, who: str) -> str:
    found = world[who].principal_id
    assert found is not None
    return global_id("Principal", found)


def at_the_desk(world: World, name: str) -> str:
    [row] = world.rows(Principal, display_name=name)
    return global_id("Principal", row.id)


def circle_of(world: World, case: Case) -> CaseCircle:
    [row] = world.rows(CaseCircle, case_id=case.id)
    return row  # type: ignore[no-any-return]


def closed(world: World, case: Case, visit: Log) -> Visit:
    """The manager, who has closed the case to its handler."""
    manager = visit(MANAGER)
    path = f"{own(case)}/circle"
    status, page = manager.get(path)
    assert status == 200 and "Slut ärendet till en krets" in page
    # Whoever handles it is chosen already.
    assert f'value="{person(world, HANDLER)}" checked' in page
    status, _, to = manager.post(
        f"{path}/close",
        members=[person(world, HANDLER)],
        reason=WHY,
        expectedVersion=str(world.again(case).version),
        idempotencyKey=f"close-{case.id}",
    )
    assert (status, to) == (303, path)
    return manager


def test_closed_it_is_there_for_the_circle_alone(world: World, case: Case, visit: Log) -> None:
    colleague = visit(COLLEAGUE)
    assert colleague.get(own(case))[0] == 200
    manager = closed(world, case, visit)
    page = manager.get(own(case))[1]
    assert "Sluten krets" in page and f'href="{own(case)}/circle"' in page
    page = manager.get(f"{own(case)}/circle")[1]
    assert WHY in page and HANDLER in page and "Bengt Sandell" in page
    for path in ("", "/circle", "/disclosures", "/letters"):
        assert colleague.get(f"{own(case)}{path}")[0] == 404, path
    assert case.number not in colleague.get(f"{HERE}/cases")[1]


def test_without_the_handler_or_a_reason_it_is_refused_in_words(
    world: World, case: Case, visit: Log
) -> None:
    manager = visit(MANAGER)
    version = str(world.again(case).version)
    path = f"{own(case)}/circle/close"
    status, page, _ = manager.post(path, reason=WHY, expectedVersion=version, idempotencyKey="a1")
    assert status == 422 and "måste vara med i kretsen" in page and WHY in page
    status, page, _ = manager.post(
        path,
        members=[person(world, HANDLER)],
        reason="",
        expectedVersion=version,
        idempotencyKey="a2",
    )
    assert status == 422 and "Fyll i fältet." in page


def test_who_keeps_no_circles_has_no_form_and_no_names(
    world: World, case: Case, visit: Log
) -> None:
    status, page = visit(COLLEAGUE).get(f"{own(case)}/circle")
    assert status == 200 and "Slut ärendet till en krets" not in page
    assert "caseworker AMF" not in page


def test_broken_open_in_need_and_reviewed(world: World, case: Case, visit: Log) -> None:
    manager, colleague, reviewer = closed(world, case, visit), visit(COLLEAGUE), visit(REVIEWER)
    assert f'href="{HERE}/break-glass"' in colleague.get(f"{HERE}/cases")[1]
    page = colleague.get(f"{HERE}/break-glass")[1]
    assert "Antal timmar" in page
    sent = {"reason": CALLED, "hours": "1"}
    status, page, _ = colleague.post(
        f"{HERE}/break-glass", number="2026-999999", **sent, idempotencyKey=f"g1-{case.id}"
    )
    assert status == 422 and CALLED in page
    assert "Det finns inget slutet ärende med det numret i din förvaltning." in page
    status, _, to = colleague.post(
        f"{HERE}/break-glass", number=case.number, **sent, idempotencyKey=f"g2-{case.id}"
    )
    assert (status, to) == (303, own(case))
    assert colleague.get(own(case))[0] == 200
    # She reads the circle and changes nothing of it.
    page = colleague.get(f"{own(case)}/circle")[1]
    assert CALLED in page and "Ta bort ur kretsen" not in page

    notices = manager.get(f"{HERE}/notices")[1]
    assert "nödöppnades" in notices and f'href="{own(case)}/circle"' in notices
    assert "Aida Lindqvist" in manager.get(f"{own(case)}/circle")[1]

    [opening] = world.rows(CaseOpening, case_id=case.id)
    place = f"{HERE}/openings/{global_id('CaseOpening', opening.id)}"
    page = reviewer.get(f"{HERE}/openings")[1]
    assert case.number in page and CALLED in page and f'href="{place}"' in page
    assert WHY not in page and own(case) not in page
    assert visit(MANAGER).get(f"{HERE}/openings")[0] == 403
    page = reviewer.get(place)[1]
    assert "Aida Lindqvist" in page and own(case) not in page
    status, page, _ = reviewer.post(
        place, verdict="questioned", expectedVersion="1", idempotencyKey=f"r1-{case.id}"
    )
    assert status == 422 and "Fyll i fältet." in page
    status, page, _ = reviewer.post(place, expectedVersion="1", idempotencyKey=f"r0-{case.id}")
    assert status == 422 and "Välj ett svar." in page
    status, _, to = reviewer.post(
        place,
        verdict="questioned",
        remark="Ingen ringde den natten.",
        expectedVersion="1",
        idempotencyKey=f"r2-{case.id}",
    )
    assert (status, to) == (303, place)
    assert colleague.get(own(case))[0] == 404
    assert "Ingen ringde den natten." in manager.get(f"{own(case)}/circle")[1]
    assert case.number in reviewer.get(f"{HERE}/openings?which=reviewed")[1]
    assert case.number not in reviewer.get(f"{HERE}/openings")[1]


def test_who_sees_it_or_may_not_breaks_nothing(world: World, case: Case, visit: Log) -> None:
    manager = closed(world, case, visit)
    status, page, _ = manager.post(
        f"{HERE}/break-glass",
        number=case.number,
        reason=CALLED,
        hours="1",
        idempotencyKey=f"g3-{case.id}",
    )
    assert status == 409 and "Du ser redan ärendet." in page
    assert visit("ingrid.falk").get(f"{HERE}/break-glass")[0] == 403
    # Another department is told what one is told of a number that is nowhere.
    status, page, _ = visit("elin.karimi").post(
        f"{HERE}/break-glass",
        number=case.number,
        reason=CALLED,
        hours="1",
        idempotencyKey=f"g4-{case.id}",
    )
    assert status == 422 and "Det finns inget slutet ärende" in page


def test_one_more_person_one_less_and_lifted(world: World, case: Case, visit: Log) -> None:
    colleague = visit(COLLEAGUE)
    manager = closed(world, case, visit)
    aida, path = at_the_desk(world, "Aida Lindqvist"), f"{own(case)}/circle"

    def act(name: str, **fields: str) -> tuple[int, str, str]:
        return manager.post(
            f"{path}/{name}",
            expectedVersion=str(circle_of(world, case).version),
            idempotencyKey=f"{name}-{case.id}-{len(fields)}",
            **fields,
        )

    status, page, _ = act("add")
    assert status == 422 and "Välj en person." in page
    assert act("add", principalId=aida)[::2] == (303, path)
    assert colleague.get(own(case))[0] == 200
    assert act("remove", principalId=aida)[::2] == (303, path)
    assert colleague.get(own(case))[0] == 404
    status, page, _ = act("lift", reason="")
    assert status == 422
    assert manager.post(
        f"{path}/lift",
        reason="Hotet är över.",
        expectedVersion=str(circle_of(world, case).version),
        idempotencyKey=f"lifted-{case.id}",
    )[::2] == (303, path)
    assert colleague.get(own(case))[0] == 200
    assert "Slut ärendet till en krets" in manager.get(path)[1]


def test_an_act_that_is_none_is_missing(case: Case, visit: Log) -> None:
    assert visit(MANAGER).post(f"{own(case)}/circle/open")[0] == 404
