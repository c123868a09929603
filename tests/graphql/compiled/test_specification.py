"""What GraphQL's specification says of execution, by hand, with each answer written out; by both paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import false

from hemvist.identity import Actor
from hemvist.settings import get_settings
from hemvist_api import mutation
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.execution import execute_text
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import readable
from hemvist_paths import Told, bare, ordinary, planned

WHO = "caseworker SOF-VUX"


def both(who: Actor, document: str, *, operation: str | None = None, **variables: Any) -> Any:
    """The answer, which is the same with plans and without them, byte for byte but for numbers of errors."""
    settings = get_settings()
    told = []
    for plans in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "compiled_reads", plans)
            text = execute_text(who, document, variables, operation)
        answer = json.loads(text)
        ids = [one["extensions"].pop("requestId", "") for one in answer.get("errors", ())]
        for one in ids:
            text = text.replace(one, "") if one else text
        told.append((bare(text), answer))
    assert told[0][0] == told[1][0]
    return told[0][1]


def by_plan(who: Actor, document: str, **variables: Any) -> Any:
    """``both``, of what a plan has to answer; its data."""
    assert isinstance(planned(who, document, variables), Told), document
    answer = both(who, document, **variables)
    assert set(answer) == {"data"}
    return answer["data"]


@pytest.fixture
def who(housed: Any) -> Actor:
    found: Actor = housed.world[WHO]
    return found


@pytest.fixture
def case(housed: Any) -> str:
    return global_id("Case", housed.case.id)


@pytest.fixture
def no_homes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody sees a home: a reference that must not be null has nothing to point at."""
    unit = readable("Unit")
    monkeypatch.setattr(unit, "reading", replace(unit.reading, visible=lambda _: false()))
    forget()
    yield
    forget()


# -- null and errors ------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_homes")
def test_a_forbidden_null_takes_the_nearest_nullable_parent_with_it(who: Actor, case: str) -> None:
    answer = both(
        who,
        "query Q($id: ID!) { here: case(id: $id) { number }"
        " gone: case(id: $id) { number contracts { unit { floor } } } __typename }",
        id=case,
    )
    assert answer["data"]["gone"] is None and answer["data"]["__typename"] == "Query"
    assert set(answer["data"]["here"]) == {"number"}
    [error] = answer["errors"]
    assert error["path"] == ["gone", "contracts", 0, "unit"]
    assert error["extensions"]["code"] == "INTERNAL"


@pytest.mark.usefixtures("no_homes")
def test_the_nearest_nullable_parent_may_be_deep_inside(who: Actor, case: str) -> None:
    answer = both(
        who,
        "query Q($id: ID!) { case(id: $id) { number"
        " decisions { kind contract { startsOn unit { floor } } } } }",
        id=case,
    )
    decisions = answer["data"]["case"]["decisions"]
    assert [one["contract"] for one in decisions] == [None] * len(decisions)
    paths = [error["path"] for error in answer["errors"]]
    assert paths and all(path[:2] == ["case", "decisions"] for path in paths)
    assert all(path[3:] == ["contract", "unit"] for path in paths)


@pytest.mark.usefixtures("no_homes")
def test_without_a_nullable_parent_there_is_no_data(who: Actor) -> None:
    answer = both(who, "{ me { name } cases { edges { node { contracts { unit { floor } } } } } }")
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["path"][:3] == ["cases", "edges", 0] and error["path"][-1] == "unit"


@pytest.mark.usefixtures("no_homes")
def test_nothing_is_logged_of_what_did_not_go_out(who: Actor) -> None:
    document = "{ cases { edges { node { contracts { unit { floor } } } } } }"
    assert not isinstance(planned(who, document), Told)
    told = ordinary(who, document)
    assert told.failed and told.logged is None


def test_a_field_that_is_refused_names_itself(who: Actor, housed: Any) -> None:
    nobody = housed.world.add("reads nothing")
    answer = both(nobody, "{ me { name } mine: cases { totalCount } }")
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["path"] == ["mine"] and error["extensions"]["code"] == "NOT_ALLOWED"


def test_null_for_what_is_not_there_is_no_error(who: Actor) -> None:
    document = 'query Q { case(id: "nothing") { number household { alias } } node(id: "") { id } }'
    assert by_plan(who, document) == {"case": None, "node": None}


# -- selection ------------------------------------------------------------------------------------


def test_keys_stand_in_the_order_in_which_they_are_first_asked_for(who: Actor, case: str) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!) { case(id: $id) { version ...F number ... on Case { state version } z: id }"
        " __typename } fragment F on Case { openedOn ...G } fragment G on Case { state }",
        id=case,
    )
    assert list(data) == ["case", "__typename"]
    assert list(data["case"]) == ["version", "openedOn", "state", "number", "z"]


def test_one_key_asked_for_many_times_is_merged(who: Actor, case: str) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!) { case(id: $id) { number } case(id: $id) { number number household { alias } }"
        " ...F } fragment F on Query { case(id: $id) { household { members { role } alias } } }",
        id=case,
    )
    assert list(data["case"]) == ["number", "household"]
    assert list(data["case"]["household"]) == ["alias", "members"]


def test_lists_are_merged_row_by_row(who: Actor, case: str) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!) { case(id: $id) { decisions { kind } decisions { outcome kind }"
        " decisions { proposedBy { name } } } }",
        id=case,
    )
    assert [list(one) for one in data["case"]["decisions"]] == [
        ["kind", "outcome", "proposedBy"]
    ] * len(data["case"]["decisions"])
    assert len(data["case"]["decisions"]) == 2


def test_what_cannot_be_merged_is_refused(who: Actor) -> None:
    answer = both(who, '{ case(id: "a") { number: state number } }')
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_DOCUMENT"


def test_typename_of_root_object_interface_and_what_lies_between(who: Actor, case: str) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!) { t: __typename __typename node(id: $id) { kind: __typename ... on Node"
        " { __typename } ... on Case { inner: __typename } } cases(first: 1) { __typename edges {"
        " __typename node { __typename } } pageInfo { __typename } } }",
        id=case,
    )
    assert data["t"] == data["__typename"] == "Query"
    assert data["node"] == {"kind": "Case", "__typename": "Case", "inner": "Case"}
    assert data["cases"] == {
        "__typename": "CaseConnection",
        "edges": [{"__typename": "CaseEdge", "node": {"__typename": "Case"}}],
        "pageInfo": {"__typename": "PageInfo"},
    }


def test_typename_of_a_union(who: Actor) -> None:
    document = mutation("openCase", "case { number }")
    given = {"idempotencyKey": "a", "householdId": "x", "department": "SOF-VUX"}
    answer = both(who, document, input=given)
    assert answer["data"]["openCase"]["__typename"] == "NotFound"


def test_a_fragment_that_does_not_apply_gives_nothing(who: Actor, case: str) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!) { node(id: $id) { ... on Unit { floor } ...H }"
        " case(id: $id) { ... on Node { ... on Unit { floor } ... on Case { state } } } }"
        " fragment H on Household { alias }",
        id=case,
    )
    assert data["node"] == {} and list(data["case"]) == ["state"]


def test_an_empty_list_is_a_list(who: Actor, housed: Any) -> None:
    fresh = global_id("Case", housed.world.case().id)
    document = "query Q($id: ID!) { case(id: $id) { offers { state } decisions { kind } } }"
    assert by_plan(who, document, id=fresh) == {"case": {"offers": [], "decisions": []}}
    page = "{ cases(first: 0) { edges { node { id } } pageInfo { startCursor endCursor } } }"
    assert by_plan(who, page)["cases"] == {
        "edges": [],
        "pageInfo": {"startCursor": None, "endCursor": None},
    }


@pytest.mark.parametrize(
    ("skip", "include", "there"),
    [(False, True, True), (True, True, False), (False, False, False), (True, False, False)],
)
def test_skip_and_include_together(
    who: Actor, case: str, skip: bool, include: bool, there: bool
) -> None:
    data = by_plan(
        who,
        "query Q($id: ID!, $s: Boolean!, $i: Boolean!) { case(id: $id) { state"
        " number @skip(if: $s) @include(if: $i) ... @include(if: $i) @skip(if: $s) { version }"
        " ...F @skip(if: $s) @include(if: $i) } } fragment F on Case { openedOn }",
        id=case,
        s=skip,
        i=include,
    )
    wanted = ["state", "number", "version", "openedOn"] if there else ["state"]
    assert list(data["case"]) == wanted


def test_a_key_skipped_once_and_asked_for_again_is_there(who: Actor, case: str) -> None:
    document = "query Q($id: ID!, $s: Boolean = true) { case(id: $id) { number @skip(if: $s) state number } }"
    assert list(by_plan(who, document, id=case)["case"]) == ["state", "number"]
    assert list(by_plan(who, document, id=case, s=False)["case"]) == ["number", "state"]


def test_everything_skipped_is_an_empty_object(who: Actor) -> None:
    assert by_plan(who, "{ cases @skip(if: true) { totalCount } }") == {}


def test_a_key_too_long_for_a_name_in_the_database(who: Actor) -> None:
    key = "k" * 64
    answer = both(who, f"{{ cases(first: 1) {{ {key}: totalCount {key}x: totalCount }} }}")
    assert list(answer["data"]["cases"]) == [key, f"{key}x"]


# -- variables and arguments ------------------------------------------------------------------------


def test_default_null_and_absent_are_three_things(who: Actor, housed: Any) -> None:
    for _ in range(3):
        housed.world.case()
    document = "query Q($n: Int = 1) { cases(first: $n) { edges { node { id } } } }"

    def rows(**variables: Any) -> int:
        return len(by_plan(who, document, **variables)["cases"]["edges"])

    assert rows() == 1
    assert rows(n=2) == 2
    # Null is the argument's null, which means as many as usual.
    assert rows(n=None) > 2


def test_an_absent_variable_leaves_the_arguments_own_default(who: Actor, case: str) -> None:
    document = "query Q($id: ID!, $l: String) { case(id: $id) { departmentName(lang: $l) } }"
    with_default = both(who, document.replace("$l: String", '$l: String = "en"'), id=case)
    assert with_default["data"]["case"]["departmentName"]
    # A nullable variable may stand there, since the argument has a default; null may not.
    assert both(who, document, id=case)["data"]["case"]["departmentName"]
    refused = both(who, document, id=case, l=None)
    assert refused["data"]["case"] is None
    assert refused["errors"][0]["path"] == ["case", "departmentName"]
    assert refused["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert both(who, document, id=case)["data"]["case"]["departmentName"]


def test_a_directive_is_given_true_or_false(who: Actor) -> None:
    document = "query Q($s: Boolean = false) { cases(first: 1) { totalCount @skip(if: $s) } }"
    assert by_plan(who, document)["cases"] != by_plan(who, document, s=True)["cases"] == {}
    assert both(who, document, s=None)["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert by_plan(who, document)["cases"]["totalCount"] > 0


def test_an_absent_field_of_an_input_does_not_restrict(who: Actor) -> None:
    document = (
        "query Q($s: String, $n: String) { cases(filter: {state: $s, number: $n}) { totalCount } }"
    )
    every = by_plan(who, document)["cases"]["totalCount"]
    assert every == by_plan(who, document, s=None)["cases"]["totalCount"] > 0
    assert by_plan(who, document, s="closed")["cases"]["totalCount"] == 0
    assert by_plan(who, document, s="open", n="x")["cases"]["totalCount"] == 0


def test_one_value_is_a_list_of_one(who: Actor) -> None:
    literal = by_plan(who, "{ decisions(state: decided) { totalCount } }")
    document = "query Q($s: [DecisionState!]) { decisions(state: $s) { totalCount } }"
    assert literal == by_plan(who, document, s="decided") == by_plan(who, document, s=["decided"])
    assert by_plan(who, document, s=[])["decisions"]["totalCount"] == 0
    assert by_plan(who, document)["decisions"]["totalCount"] >= 2


def test_an_id_may_be_a_number(who: Actor) -> None:
    assert by_plan(who, "query Q { case(id: 12) { number } }") == {"case": None}
    assert by_plan(who, "query Q($id: ID!) { case(id: $id) { number } }", id=12) == {"case": None}


@pytest.mark.parametrize(
    ("declared", "used", "value"),
    [
        ("Int", "first: $v", "1"),
        ("Int", "first: $v", 1.5),
        ("Int", "first: $v", 2**31),
        ("Int", "first: $v", True),
        ("CaseFilter", "filter: $v", {"unknown": 1}),
        ("CaseFilter", "filter: $v", {"openedFrom": "2026-02-30"}),
        ("CaseFilter", "filter: $v", {"mine": "yes"}),
        ("CaseFilter", "filter: $v", []),
        ("Date", "filter: {openedFrom: $v}", 20260101),
        ("String", "after: $v", 7),
    ],
)
def test_a_variable_of_the_wrong_kind(who: Actor, declared: str, used: str, value: Any) -> None:
    document = f"query Q($v: {declared}) {{ cases({used}) {{ totalCount }} }}"
    answer = both(who, document, v=value)
    assert answer.get("data") is None
    assert {one["extensions"]["code"] for one in answer["errors"]} == {"BAD_INPUT"}
    assert all("path" not in one for one in answer["errors"])


def test_a_required_variable_that_is_missing(who: Actor) -> None:
    document = "query Q($id: ID!) { case(id: $id) { number } }"
    for variables in ({}, {"id": None}):
        answer = both(who, document, **variables)
        assert answer.get("data") is None and answer["errors"]


@pytest.mark.parametrize(
    "arguments", ['first: "1"', "first: 2147483648", "filter: {unknown: 1}", "filter: {mine: 1}"]
)
def test_a_literal_of_the_wrong_kind_is_an_invalid_document(who: Actor, arguments: str) -> None:
    answer = both(who, f"{{ cases({arguments}) {{ totalCount }} }}")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_DOCUMENT"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("first: 1, last: 1", "BAD_PAGE"),
        ("first: 101", "BAD_PAGE"),
        ("last: -1", "BAD_PAGE"),
        ('after: "x"', "BAD_CURSOR"),
        ('before: ""', "BAD_CURSOR"),
    ],
)
def test_a_page_that_cannot_be(who: Actor, page: str, code: str) -> None:
    answer = both(who, f"{{ cases({page}) {{ totalCount }} me {{ name }} }}")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == code
    assert answer["errors"][0]["path"] == ["cases"]


# -- operations -----------------------------------------------------------------------------------


def test_which_operation_of_a_document(who: Actor, case: str) -> None:
    document = (
        "query One($id: ID!) { case(id: $id) { number } } query Two { cases(first: 1) { totalCount } }"
        " query Three($id: ID!) { case(id: $id) { state } }"
    )
    assert list(both(who, document, operation="One", id=case)["data"]["case"]) == ["number"]
    assert list(both(who, document, operation="Three", id=case)["data"]["case"]) == ["state"]
    assert list(both(who, document, operation="Two")["data"]) == ["cases"]
    for name in (None, "Four", ""):
        answer = both(who, document, operation=name, id=case)
        assert answer["errors"][0]["extensions"]["code"] == "UNKNOWN_OPERATION", name


def test_introspection_together_with_data(who: Actor) -> None:
    answer = both(
        who,
        '{ __schema { queryType { name } } cases(first: 1) { totalCount } __type(name: "Case") { kind } }',
    )
    assert answer["data"]["__schema"] == {"queryType": {"name": "Query"}}
    assert answer["data"]["__type"] == {"kind": "OBJECT"}
    assert answer["data"]["cases"]["totalCount"] > 0
    assert list(answer["data"]) == ["__schema", "cases", "__type"]
