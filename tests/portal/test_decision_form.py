"""In the portal: a proposal whose day was cleared comes back with everything that was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled


@pytest.fixture
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"), ["SOF-VUX"])


def test_a_cleared_day_loses_nothing(world: World, visit: Callable[..., Visit]) -> None:
    case = world.case()
    path = f"/helsingborg/cases/{global_id('Case', case.id)}/decision"
    written = "Behovet kan inte tillgodoses på annat sätt."
    status, page, _ = visit("aida.lindqvist").post(
        path,
        kind="support_to_obtain_housing",
        outcome="granted",
        motivation=written,
        validFrom="",
        on="",
    )
    assert status == 422 and "message-box" in page
    assert written in page
