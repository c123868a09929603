"""In the portal: a takeover on the list, prepared, refused by the landlord, let by the tribunal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.db import Audience
from hemvist.identity import get_directory
from hemvist.policy import add_days, add_months
from hemvist.takeovers import watching
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist_goteborg import MANAGED, answer, housed, housing_first
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World

LogIn = Callable[..., Visit]
OFFICER, SOCIAL = "jorge.lindh", "gerd.malm"
MOVED_IN = add_days(add_months(today(), -18), -12)


@pytest.fixture
def world(portal: FastAPI) -> World:
    """Göteborg of the demo, where the portal's people work."""
    return housing_first(get_directory().tenant_id("goteborg"))


def watched(world: World) -> tuple[Takeover, Contract]:
    case, contract = housed(world, MOVED_IN)
    answer(world, case, **MANAGED)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return world.rows(Takeover, case_id=case.id)[0], contract


def test_the_way_through_the_portal(world: World, visit: LogIn) -> None:
    takeover, contract = watched(world)
    officer, day = visit(OFFICER, "goteborg"), today().isoformat()
    path = f"/goteborg/takeovers/{global_id('Takeover', takeover.id)}"
    listed = officer.get("/goteborg/takeovers")[1]
    assert path in listed and "Dags nu" in listed
    assert path in officer.get("/goteborg/takeovers?which=open")[1]
    assert path not in officer.get("/goteborg/takeovers?which=done")[1]
    page = officer.get(path)[1]
    assert "ingen har svarat" in page and "besvarat av en person" in page

    def act(name: str, **fields: str | list[str]) -> tuple[int, str, str]:
        version = str(world.again(takeover).version)
        return officer.post(f"{path}/{name}", expectedVersion=version, **fields)

    began = (MOVED_IN + timedelta(days=30)).isoformat()
    away = {
        "contractId": global_id("Contract", contract.id),
        "beganOn": began,
        "endedOn": (MOVED_IN + timedelta(days=34)).isoformat(),
    }
    status, wrong, _ = officer.post(f"{path}/absence", **away, reason="")
    assert status == 422 and began in wrong
    assert officer.post(f"{path}/absence", **away, reason="hospital")[0] == 303
    moved = add_days(add_months(MOVED_IN, 18), 5)
    assert world.again(takeover).earliest_on == moved
    # Why somebody was away is for the department that has the case.
    shown = officer.get(path)[1]
    assert "tidigast" in shown and moved.isoformat() in shown
    assert (
        "<strong>" in shown
        and "> Sjukhus" not in shown.split('id="h-away"')[1].split("<details")[0]
    )

    # The next step of the case is taken here, not as a milestone alone.
    steps = _steps(officer.get(f"/goteborg/cases/{global_id('Case', takeover.case_id)}")[1])
    assert path in steps and "milestone=lease" not in steps, steps

    assert act("step", step="inspection_together", doneOn=day)[0] == 303
    asked = act("request", on=day)
    assert asked[0] == 303, asked[1].split("<main")[1][:1500]
    status, wrong, _ = act("answer", agrees="no", on=day)
    assert status == 422 and "Skäl" in wrong
    assert act("answer", agrees="no", reason="Vill vänta.", on=day)[0] == 303
    status, _, _ = act("carry-out", on=day, parties=["landlord"], told=["open_support_told"])
    assert status == 422
    assert act("tribunal", on=day)[0] == 303
    assert act("decision", leave="yes", number="77-26", on=day)[0] == 303
    lease = {"lease.rentOre": "6 120"}
    done = act("carry-out", on=day, parties=["landlord"], told=["open_support_told"], **lease)
    assert done[0] == 303, done[1]
    page = officer.get(path)[1]
    assert "Till det nya kontraktet" in page and "77-26" in page
    assert path in officer.get("/goteborg/takeovers?which=done")[1]


def test_whoever_has_no_right_is_not_shown_the_acts(world: World, visit: LogIn) -> None:
    takeover, _ = watched(world)
    path = f"/goteborg/takeovers/{global_id('Takeover', takeover.id)}"
    social = visit(SOCIAL, "goteborg")
    status, page = social.get(path)
    assert status == 200 and "carry-out" not in page
    assert social.post(f"{path}/request", expectedVersion="1", on=today().isoformat())[0] in (
        403,
        422,
    )
    assert visit("aida.lindqvist").get(path.replace("goteborg", "helsingborg"))[0] == 404
    assert visit(OFFICER, "goteborg").post(f"{path}/nothing")[0] == 404


def _steps(page: str) -> str:
    """What the page of a case says can be done next."""
    return page.split('<ol class="steps">', 1)[1].split("</ol>", 1)[0]
