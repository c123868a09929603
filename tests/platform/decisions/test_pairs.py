"""Göteborg grants the support and the home in one act (GBG-54), and neither alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.decisions.pairs import granted_together
from hemvist.errors import ValidationFailed
from hemvist.policy import Registry
from hemvist_goteborg import CASEWORKER, PROGRAMME, granted, housing_first, opened
from hemvist_world import BASIS, HOUSING, PACK, SUPPORT, World

DAY = today() - timedelta(days=20)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return housing_first()


def propose(world: World, case: Case, kind: str, **changes: Any) -> Decision:
    values = {"programme": PROGRAMME, "legal_basis": [BASIS], "on": DAY} | changes
    return world.propose(case, kind, **values)


def test_which_kinds_the_guideline_grants_together() -> None:
    packs = Registry.discover()
    goteborg = packs.get("goteborg/bostad-forst").programme(PROGRAMME)
    assert granted_together(goteborg) == [SUPPORT, HOUSING]
    for programme in packs.get(PACK).programmes.values():
        assert granted_together(programme) == []


@pytest.mark.parametrize(("kind", "other"), [(SUPPORT, HOUSING), (HOUSING, SUPPORT)])
def test_one_alone_is_refused_with_field_rule_and_source(
    world: World, kind: str, other: str
) -> None:
    case = opened(world, DAY - timedelta(days=10))
    with pytest.raises(ValidationFailed) as alone:
        propose(world, case, kind)
    [problem] = alone.value.problems
    assert (problem.field, problem.rule) == ("kind", "granted_together")
    assert problem.params == {"with": other, "cite": "BF Beslut"}
    assert world.rows(Decision, case_id=case.id) == []


def test_a_pair_of_which_one_is_refused_is_no_pair(world: World) -> None:
    case = opened(world, DAY - timedelta(days=10))
    common = {"legal_basis": [BASIS], "motivation": "Prövat."}
    with pytest.raises(ValidationFailed) as half:
        world.act(
            CASEWORKER,
            decisions.propose_together,
            case_id=case.id,
            programme=PROGRAMME,
            parts=[
                {**common, "kind": SUPPORT, "outcome": "granted"},
                {**common, "kind": HOUSING, "outcome": "refused", "departure_reason": "Ingen."},
            ],
            on=DAY,
        )
    assert [one.rule for one in half.value.problems] == ["granted_together"]
    assert world.rows(Decision, case_id=case.id) == []


def test_a_refusal_stands_alone(world: World) -> None:
    case = opened(world, DAY - timedelta(days=10))
    refused = propose(world, case, SUPPORT, outcome="refused", departure_reason="Ingen lägenhet.")
    assert refused.together_id is None


def test_the_support_is_granted_anew_while_the_home_stands(world: World) -> None:
    """The decision on support holds for 18 months; the second-hand time is often longer."""
    case = opened(world, DAY - timedelta(days=10))
    granted(world, case, DAY)
    anew = propose(world, case, SUPPORT, on=today())
    assert anew.state == "proposed"
