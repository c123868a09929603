"""What is within reach, over every kommun at once, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import event

from hemvist.db import Audience, engine
from hemvist.identity import Actor
from hemvist_landlord_api import ask, failure
from hemvist_landlords import administrator, opened, shut, somebody
from hemvist_world import ORGANISATION_NUMBER, World, new_world

OTHER = {"landlord_organisation_number": "5560360793", "landlord_name": "Annan värd AB"}
UNITS = "{ units { totalCount edges { node { streetAddress kommun { name } } } } }"


@dataclass(frozen=True)
class Let:
    """Two kommuner to which one landlord lets; in one of them another does too."""

    one: World
    two: World
    landlord_id: UUID
    other_id: UUID
    #: An agent of the one, of the other, of both, and of none.
    agent: Actor
    other: Actor
    both: Actor
    nobody: Actor


@pytest.fixture(scope="module")
def let(database: str) -> Let:
    one, two = new_world(), new_world()
    number, other_number = ORGANISATION_NUMBER, OTHER["landlord_organisation_number"]
    landlord_id = opened(one.tenant_id, number, "Testvärden AB")
    opened(two.tenant_id, number)
    other_id = opened(two.tenant_id, other_number, OTHER["landlord_name"])
    one.unit()
    one.unit()
    two.unit()
    two.unit(**OTHER)
    both = somebody("Båda Två")
    administrator(one.tenant_id, landlord_id, who=both)
    administrator(two.tenant_id, other_id, who=both)
    return Let(
        one,
        two,
        landlord_id,
        other_id,
        administrator(one.tenant_id, landlord_id, "Ada Agent").actor,
        administrator(two.tenant_id, other_id).actor,
        both,
        somebody("Ingen Särskild"),
    )


def test_units_of_every_kommun_in_one_list(let: Let) -> None:
    data = ask(
        let.agent,
        "{ me { name landlords { name organisationNumber level } }"
        " kommuner { name landlord { name } }"
        " units { totalCount edges { node { sizeM2 rentOre state kommun { name } } } } }",
    )
    assert data["me"] == {
        "name": "Ada Agent",
        "landlords": [
            {"name": "Testvärden AB", "organisationNumber": "5590000005", "level": "administrator"}
        ],
    }
    assert len(data["kommuner"]) == 2
    assert {one["landlord"]["name"] for one in data["kommuner"]} == {"Testvärden AB"}
    assert data["units"]["totalCount"] == 3
    nodes = [edge["node"] for edge in data["units"]["edges"]]
    assert nodes[0] | {"kommun": None} == {
        "sizeM2": 34.5,
        "rentOre": 550_000,
        "state": "vacant",
        "kommun": None,
    }
    assert {one["kommun"]["name"] for one in nodes} == {one["name"] for one in data["kommuner"]}


def test_who_acts_for_two_landlords_sees_both_and_who_acts_for_none_nothing(let: Let) -> None:
    assert ask(let.both, UNITS)["units"]["totalCount"] == 4
    assert len(ask(let.both, "{ kommuner { id } }")["kommuner"]) == 3
    assert ask(let.other, UNITS)["units"]["totalCount"] == 1
    nothing = ask(let.nobody, "{ me { landlords { id } } kommuner { id } units { totalCount } }")
    assert nothing == {"me": {"landlords": []}, "kommuner": [], "units": {"totalCount": 0}}


def test_a_row_by_its_id_and_none_of_another_landlords(let: Let) -> None:
    theirs = ask(let.other, "{ units { edges { node { id } } } }")["units"]["edges"][0]["node"]
    document = (
        "query Q($id: ID!) { unit(id: $id) { ...F } node(id: $id) { __typename id ...F } }"
        " fragment F on Unit { streetAddress }"
    )
    found = ask(let.other, document, id=theirs["id"])
    assert found["node"] == {"__typename": "Unit", **theirs, **found["unit"]}
    for wrong in (theirs["id"], "Unit_" + "0" * 32, "Kommun_" + theirs["id"][5:], "x"):
        assert ask(let.agent, document, id=wrong) == {"unit": None, "node": None}


def test_filtered_and_paged_both_ways(let: Let) -> None:
    kommun = ask(let.agent, "{ kommuner { id name } }")["kommuner"][0]
    page = "query Q($k: ID, $s: UnitState) { units(kommun: $k, state: $s) { totalCount } }"
    counts = [
        ask(let.agent, page, k=one["id"])["units"]["totalCount"]
        for one in ask(let.agent, "{ kommuner { id } }")["kommuner"]
    ]
    assert sorted(counts) == [1, 2]
    assert ask(let.agent, page, k=kommun["id"], s="let")["units"]["totalCount"] == 0
    assert ask(let.agent, page, k="Kommun_" + "0" * 32)["units"]["totalCount"] == 0
    assert ask(let.other, page, k=kommun["id"], s="vacant")["units"]["totalCount"] <= 1

    step = (
        "query Q($first: Int, $after: String, $last: Int, $before: String) {"
        " units(first: $first, after: $after, last: $last, before: $before) {"
        " edges { node { id } } pageInfo { hasNextPage startCursor endCursor } } }"
    )
    seen, after = [], None
    for _ in range(3):
        units = ask(let.agent, step, first=1, after=after)["units"]
        seen.append(units["edges"][0]["node"]["id"])
        after = units["pageInfo"]["endCursor"]
    assert units["pageInfo"]["hasNextPage"] is False
    assert len(set(seen)) == 3
    back = ask(let.agent, step, last=2, before=after)["units"]
    assert [edge["node"]["id"] for edge in back["edges"]] == seen[:2]
    # A cursor of another list, or one that was changed.
    for wrong in (after[:-1] + "A", "x"):
        assert failure(let.agent, step, after=wrong)["extensions"]["code"] == "BAD_CURSOR"
    assert failure(let.agent, step, first=101)["extensions"]["code"] == "BAD_PAGE"


def test_a_list_costs_one_statement_for_each_relation(let: Let) -> None:
    sent: list[str] = []

    def count(_c: object, _u: object, statement: str, *_: object) -> None:
        sent.append(statement)

    over = engine(Audience.LANDLORD)
    event.listen(over, "before_cursor_execute", count)
    try:
        ask(let.both, "{ units { edges { node { area kommun { name landlord { name } } } } } }")
    finally:
        event.remove(over, "before_cursor_execute", count)
    assert len(sent) == 3
    # Only what was asked for is read.
    assert "rent_ore" not in sent[0] and "area" in sent[0]


def test_a_kommun_that_shuts_its_door_is_gone_with_the_next_statement(let: Let) -> None:
    one = new_world()
    opened(one.tenant_id, ORGANISATION_NUMBER)
    one.unit()
    assert ask(let.agent, UNITS)["units"]["totalCount"] == 4
    shut(one.tenant_id, let.landlord_id)
    assert ask(let.agent, UNITS)["units"]["totalCount"] == 3


def test_limits(let: Let) -> None:
    wide = " ".join(f"a{n}: me {{ name }}" for n in range(41))
    assert failure(let.agent, f"{{ {wide} }}")["extensions"]["code"] == "TOO_MANY_ALIASES"
    assert failure(let.agent, "{ nothing }")["extensions"]["code"] == "INVALID_DOCUMENT"
    assert failure(let.agent, "{")["extensions"]["code"] == "PARSE_FAILED"
    # The kommun's own API is another: nothing of it is here.
    for word in ("cases", "households", "personByNumber"):
        assert failure(let.agent, f"{{ {word} }}")["extensions"]["code"] == "INVALID_DOCUMENT"
