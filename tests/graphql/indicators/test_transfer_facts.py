"""Protected moves as facts: for those who see the request or handle the handover, and read the case."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.identity import Membership, Role
from hemvist_api import ask, failure
from hemvist_figures import write_fact
from hemvist_network import FIRST, new_net
from hemvist_world import World, caseworker_of

FACTS = """{ indicatorFacts(code: "transfers") { totalCount edges { node { begins ends area
  case { number } } } } }"""
INDICATOR = '{ indicator(code: "transfers") { mayDrill now { facts } } }'


@pytest.fixture(scope="module")
def place(database: str) -> tuple[World, Case]:
    """A kommun with a request for a protected move, which is a fact; and another fact of its case,
    of something that nobody is named for."""
    net = new_net("A", "B")
    world = net["A"]
    request = net.prepared("A")
    [case] = world.rows(Case, id=request.case_id)
    world.add("support", Membership(Role.SUPPORT_WORKER, case.department))
    world.add("steering", Membership(Role.STEERING))
    write_fact(world, case, "transfers", of=request.id, area="Dalhem")
    write_fact(world, case, "transfers")
    return world, case


def facts(world: World, who: str) -> list[dict[str, Any]]:
    found = ask(world[who], FACTS)["indicatorFacts"]
    assert found["totalCount"] == len(found["edges"])
    return [one["node"] for one in found["edges"]]


def test_nothing_tells_where_or_when(place: tuple[World, Case]) -> None:
    world, case = place
    assert facts(world, caseworker_of(case.department)) == [
        {"begins": None, "ends": None, "area": None, "case": {"number": case.number}}
    ]
    assert ask(world[caseworker_of(case.department)], INDICATOR)["indicator"] == {
        "mayDrill": True,
        "now": None,
    }


def test_who_reads_no_transfers_gets_none(place: tuple[World, Case]) -> None:
    world, case = place
    for who in ("support", "property", "caseworker VOF"):
        assert case.department != "VOF"
        assert facts(world, who) == [], who
    for who in ("support", "property", "steering"):
        said = ask(world[who], INDICATOR)["indicator"]
        assert said == {"mayDrill": False, "now": None}, who


def test_who_is_named_and_reads_no_case_is_refused(place: tuple[World, Case]) -> None:
    world, _ = place
    assert failure(world[FIRST], FACTS)["extensions"]["action"] == "case.read"
