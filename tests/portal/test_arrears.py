"""In the portal: a tenancy in arrears, the board's undertaking signed by another, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.arrears.models import RentAccount
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_arrears import imported, row
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def test_the_undertaking_is_proposed_signed_by_another_and_told(world: World, visit: LogIn) -> None:
    case = world.case()
    imported(world, "caseworker SOF-VUX", "SOF-VUX", [row("P-1")])
    account = world.rows(RentAccount, reference="P-1")[0]
    path = f"/helsingborg/arrears/accounts/{global_id('RentAccount', account.id)}"
    worker, manager = visit("aida.lindqvist"), visit("bengt.sandell")

    def version() -> str:
        return str(world.again(account).version)

    assert "P-1" in worker.get("/helsingborg/arrears")[1]
    status, page, _ = worker.post(f"{path}/case", caseNumber="2001-1", expectedVersion=version())
    assert status == 422 and "Det finns inget sådant ärende." in page
    status, page, _ = worker.post(f"{path}/case", caseNumber=case.number, expectedVersion=version())
    assert status == 303, page
    assert worker.post(f"{path}/children", children="no", expectedVersion=version())[0] == 303
    day = (today() - timedelta(days=2)).isoformat()
    asked = {"amountOre": "7 450,50", "servedOn": day, "boardToldOn": day}
    assert worker.post(f"{path}/recovery", **asked)[0] == 303
    page = worker.get(path)[1]
    assert "Sista dag" in page
    (period,) = set(re.findall(r'name="row" value="(RecoveryPeriod[^"]+)"', page))
    status, page, _ = worker.post(
        f"{path}/propose", row=period, amountOre="1", motivation="Kan betala."
    )
    assert status == 422 and "hela skulden" in page and "Kan betala." in page
    status, page, _ = worker.post(
        f"{path}/propose", row=period, amountOre="7450,50", motivation="Kan betala."
    )
    assert status == 303, page
    page = manager.get(path)[1]
    (liability,) = set(re.findall(r'name="row" value="(RentLiability[^"]+)"', page))
    signed = {"row": liability, "outcome": "decided", "expectedVersion": "1"}
    assert manager.post(f"{path}/decide", **signed)[0] == 303
    paper = f"/helsingborg/arrears/liabilities/{liability}/paper"
    assert "7\xa0450,50\xa0kr" in worker.get(paper)[1]
    status, page, _ = worker.post(f"{path}/tell", row=liability, expectedVersion="2")
    assert status == 303, page
    assert "Nämnden tog på sig betalningen" in worker.get(path)[1]
