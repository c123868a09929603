"""Both paths against rules written down a second time: a fault that they share shows here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.identity import Actor
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_read_oracle import Oracle

CASE = "id number department state openedOn version household { id }"
PERSON = "id givenName familyName registeredKommun birthDate protection isProtected"
HOUSEHOLD = f"id alias anyoneProtected members {{ role person {{ {PERSON} }} }}"
DECISION = "id kind state proposedOn motivation case { id }"
REFERRAL = "id state draftedOn submittedOn case { id }"
OBLIGATION = "id code dueOn state"
#: Type, its fields, its table, and what should be shown of a row.
TYPES: list[tuple[str, str, str, Callable[[Oracle], Any]]] = [
    ("Case", CASE, "cases", lambda oracle: oracle.case),
    ("Household", HOUSEHOLD, "households", lambda oracle: oracle.household),
    ("Person", PERSON, "persons", lambda oracle: oracle.person),
    ("Decision", DECISION, "decisions", lambda oracle: oracle.decision),
    ("Referral", REFERRAL, "referrals", lambda oracle: oracle.referral),
    ("Obligation", OBLIGATION, "obligations", lambda oracle: oracle.obligation),
]
#: Rows asked for in one operation.
TOGETHER = 20
LISTS = [
    ("cases", "Case", CASE, "opened_on"),
    ("households", "Household", HOUSEHOLD, "registered_on"),
    ("decisions", "Decision", DECISION, "proposed_on"),
    ("referrals", "Referral", REFERRAL, "drafted_on"),
]
FACTS = """query Facts($code: String!, $area: String) { indicatorFacts(code: $code, area: $area,
  first: 100) { totalCount edges { node { code begins ends area amount met case { id } } } } }"""
TODAY = """{ today { overdue { subjectId } dueSoon { subjectId } toSign { subjectId }
  toDecide { subjectId } toRegister { subjectId } toAnswer { subjectId } drafts { subjectId } } }"""


@pytest.fixture(scope="module")
def oracle(populated: Any) -> Oracle:
    return Oracle.of(populated.world.tenant_id, today())


def _both(actor: Actor, document: str, **variables: Any) -> Any:
    """What both paths tell, which is the same, and None for a list that is not allowed."""
    told = ordinary(actor, document, variables)
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told) or told.failed, (by_plan, document)
    if isinstance(by_plan, Told):
        assert by_plan == told
    return None if told.failed else json.loads(told.data)


@pytest.mark.parametrize(("name", "fields", "table", "shown"), TYPES, ids=[one[0] for one in TYPES])
def test_each_row_is_shown_as_it_should_be(
    populated: Any, oracle: Oracle, name: str, fields: str, table: str, shown: Any
) -> None:
    rows = list(oracle.tables[table].values())
    seen = hidden = 0
    for actor in populated.actors:
        mine = actor.tenant_id == populated.world.tenant_id
        for some in (rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER)):
            ids = {f"i{at}": global_id(name, row["id"]) for at, row in enumerate(some)}
            declared = ", ".join(f"${one}: ID!" for one in ids)
            asked = " ".join(
                f"r{one}: node(id: ${one}) {{ ... on {name} {{ {fields} }} }}" for one in ids
            )
            told = _both(actor, f"query Some({declared}) {{ {asked} }}", **ids)
            for row, found in zip(some, told.values(), strict=True):
                expected = shown(oracle)(actor, row) if mine else None
                assert found == expected, (actor.memberships, row)
                seen, hidden = seen + (found is not None), hidden + (found is None)
    assert seen > 10 and hidden > 100


@pytest.mark.parametrize(("field", "name", "fields", "key"), LISTS, ids=[one[0] for one in LISTS])
def test_each_list_holds_what_it_should_in_its_order(
    populated: Any, oracle: Oracle, field: str, name: str, fields: str, key: str
) -> None:
    document = (
        f"query All {{ {field}(first: 100) {{ totalCount edges {{ node {{ {fields} }} }} }} }}"
    )
    shown = {one[0]: one[3] for one in TYPES}[name](oracle)
    lengths = set()
    for actor in populated.actors:
        if actor.tenant_id != populated.world.tenant_id:
            continue
        told = _both(actor, document)
        wanted = oracle.listed(actor, field, key)
        if told is None:
            assert wanted == [], actor.memberships
            continue
        rows = [oracle.tables[field][one] for one in wanted]
        assert [edge["node"] for edge in told[field]["edges"]] == [
            shown(actor, row) for row in rows
        ]
        assert told[field]["totalCount"] == len(wanted)
        lengths.add(len(wanted))
    assert len(lengths) >= 3


def test_today_holds_what_it_should(populated: Any, oracle: Oracle) -> None:
    filled: set[str] = set()
    for actor in populated.actors:
        if actor.tenant_id != populated.world.tenant_id:
            continue
        told = _both(actor, TODAY)["today"]
        expected = oracle.today_of(actor)
        found = {heading: [one["subjectId"] for one in tasks] for heading, tasks in told.items()}
        assert found == expected, actor.memberships
        filled |= {heading for heading, tasks in found.items() if tasks}
    assert {"overdue", "toDecide", "toRegister", "toAnswer", "drafts"} <= filled


@pytest.mark.parametrize(
    "code", ["waiting", "time_to_home", "returned", "transfers", "offers_declined"]
)
@pytest.mark.parametrize("area", [None, "Dalhem"])
def test_facts_of_an_indicator_are_those_that_should_be(
    populated: Any, oracle: Oracle, code: str, area: str | None
) -> None:
    rows = [one for one in oracle.tables["indicator_facts"].values() if one["indicator"] == code]
    rows.sort(key=lambda row: (row["begins"], row["id"]), reverse=True)
    lengths = set()
    for actor in populated.actors:
        if actor.tenant_id != populated.world.tenant_id:
            continue
        told = _both(actor, FACTS, code=code, **({} if area is None else {"area": area}))
        if told is None:
            asked_by_area = code == "transfers" and area is not None
            assert asked_by_area or not any(oracle.fact(actor, row) for row in rows)
            continue
        seen = [found for row in rows if (found := oracle.fact(actor, row)) is not None]
        wanted = [one for one in seen if area is None or one["area"] == area]
        assert [edge["node"] for edge in told["indicatorFacts"]["edges"]] == wanted
        assert told["indicatorFacts"]["totalCount"] == len(wanted)
        lengths.add(len(wanted))
    assert len(lengths) >= 2 or code == "transfers" or area is not None
