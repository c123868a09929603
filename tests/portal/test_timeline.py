"""What has happened in a case: the latest days at once, the earlier ones folded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.cases import journal
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

WHO = "caseworker SOF-VUX"
FOLDED = "<details><summary>Tidigare händelser"


@pytest.fixture
def world(portal: FastAPI) -> World:
    """Helsingborg of the demo, where the portal's people work."""
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.mark.parametrize(("days", "more"), [(20, False), (60, True)])
def test_years_of_events_do_not_bury_the_latest(
    world: World, visit: Callable[..., Visit], days: int, more: bool
) -> None:
    case = world.case()
    with world.session(world[WHO]) as session:
        found = session.find(Case, case.id)
        for back in range(days):
            day = today() - timedelta(days=back)
            journal.record(
                session,
                world[WHO],
                found,
                "planning_meeting_held",
                day,
                action="test",
                subject_type="case",
                subject_id=case.id,
            )
    page = visit("aida.lindqvist").get(f"/helsingborg/cases/{global_id('Case', case.id)}")[1]
    shown = page.split('id="h-timeline"', 1)[1].split("</aside>", 1)[0]
    before, folded, after = shown.partition(FOLDED)
    assert f'datetime="{today().isoformat()}"' in before
    assert bool(folded) == more
    assert before.count("timeline__day") == min(25, shown.count("timeline__day"))
    if more:
        assert f"({shown.count('timeline__day') - 25} dagar)" in after
        assert f'datetime="{(today() - timedelta(days=days - 1)).isoformat()}"' in after
