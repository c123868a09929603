"""Conditions and citations of a proposal before guideline and law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hemvist.decisions.citations import cited_acts
from hemvist.decisions.models import Decision
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.policy import Pack
from hemvist_law import law_installed
from hemvist_world import BASIS, OLD_BASIS, World


@pytest.fixture(scope="module", autouse=True)
def pack() -> Iterator[Pack]:
    with law_installed() as found:
        yield found


def condition(kind: str) -> dict[str, Any]:
    return {"conditions": [{"kind": kind, "text": "Så länge insatsen pågår."}]}


def test_a_proposal_without_conditions_goes_through(world: World) -> None:
    proposal = world.propose(world.case())
    assert proposal.conditions == []
    assert {one["outcome"] for one in proposal.legal_findings} == {"held"}
    assert proposal.went_on_because == ""


@pytest.mark.parametrize(
    ("kind", "flag"), [("sobriety", "LF-4"), ("treatment", "LF-3"), ("home_visits", "LF-3")]
)
def test_a_condition_that_the_law_warns_of_needs_a_reason(
    world: World, kind: str, flag: str
) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case, **condition(kind))
    [problem] = refused.value.problems
    assert (problem.field, problem.rule, problem.params["flag"]) == (
        "wentOnBecause",
        "say_why_you_go_on",
        flag,
    )
    proposal = world.propose(case, **condition(kind), went_on_because=" Prövat av jurist. ")
    assert proposal.went_on_because == "Prövat av jurist."
    assert proposal.conditions == [{"kind": kind, "text": "Så länge insatsen pågår."}]
    assert flag in {one["flag"] for one in proposal.legal_findings if one["outcome"] == "violated"}


def test_what_the_guideline_itself_forbids_stops_it(world: World) -> None:
    case = world.case()
    with pytest.raises(PolicyRefused) as refused:
        world.propose(case, **condition("sole_occupancy"), went_on_because="Ändå.")
    assert refused.value.rule == "refused_by_guideline"
    assert world.rows(Decision, case_id=case.id) == []


def test_what_the_guideline_itself_warns_of(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case, **condition("short_notice"))
    assert [problem.params["rule"] for problem in refused.value.problems] == ["no_entry"]
    world.propose(case, **condition("short_notice"), went_on_because="Prövat.")


def test_the_acts_are_read_from_citations_and_sources(pack: Pack) -> None:
    assert cited_acts(pack, [OLD_BASIS]) == {"cites_sol_2001": True, "cites_sol_2025": False}
    assert cited_acts(pack, [BASIS]) == {"cites_sol_2001": False, "cites_sol_2025": True}
    assert cited_acts(pack, ["no_such_basis"]) == {
        "cites_sol_2001": False,
        "cites_sol_2025": False,
    }
