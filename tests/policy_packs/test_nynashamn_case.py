"""Nynäshamn's round on late rents through the services: no decision, and a visit every month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_pack_cases import Walk


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Nynäshamn: social services and the housing consultants."""
    return Walk.of("nynashamn/andrahandskontrakt", "SOC", "BT", "0192", {})


def test_the_round_begins_when_it_is_concluded_and_counts_from_the_day_of_opening(
    walk: Walk,
) -> None:
    """NYN-26: rounds once a month, laid out by the conclusion, since nobody decides anything."""
    opened_on = today() - timedelta(days=10)
    case = walk.opened(opened_on, tenant_of_balder_in_osmo=True, rent_late=True, has_called=False)
    assert walk.due(case, "visit") == []
    walk.conclude(case, "to_be_visited", True)

    assert walk.world.again(case).programme == "arrears_round"
    months = [add_months(opened_on, month) for month in range(1, 4)]
    assert walk.due(case, "visit")[:3] == months


def test_a_conclusion_that_says_no_begins_nothing(walk: Walk) -> None:
    case = walk.opened(today(), tenant_of_balder_in_osmo=True, rent_late=False)
    walk.conclude(case, "to_be_visited", False)

    assert walk.world.again(case).programme is None
    assert walk.due(case, "visit") == []
