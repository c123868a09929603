"""Too long, too deep, too many aliases, too costly: each refused with its own code, unread."""

from __future__ import annotations

import json

import pytest
from graphql import get_operation_ast, parse

from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist_graphql import costs, execute, limits
from hemvist_graphql.schema import executable_schema

#: No database is behind these tests: what is refused here must be refused before anything is read.
ACTOR = Actor(new_id(), new_id(), "Test", frozenset({Membership(Role.CASEWORKER, "SOF-VUX")}))


def code_of(document: str, **variables: object) -> str:
    answer = execute(ACTOR, document, variables)
    assert "data" not in answer
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


def cost_of(document: str, **variables: object) -> int:
    parsed = parse(document)
    operation = get_operation_ast(parsed)
    assert operation is not None
    return costs.cost_of(executable_schema(), parsed, operation).of(variables)


def test_a_long_document_is_not_parsed() -> None:
    assert code_of("{" + " " * limits.MAX_DOCUMENT + "me { name } }") == "DOCUMENT_TOO_LARGE"


def test_many_tokens_are_not_parsed() -> None:
    assert code_of("{ " + "a " * (limits.MAX_TOKENS + 1) + "}") == "PARSE_FAILED"


def test_depth() -> None:
    nested = "household { cases { " * 8
    deep = 'query { case(id: "x") { ' + nested + "id " + "} " * 16 + "} }"
    assert code_of(deep) == "TOO_DEEP"


def test_depth_through_fragments() -> None:
    document = 'query { case(id: "x") { ...C } }' + "".join(
        f" fragment {'C' * n} on Case {{ household {{ cases {{ ...{'C' * (n + 1)} }} }} }}"
        for n in range(1, 8)
    )
    document += f" fragment {'C' * 8} on Case {{ id }}"
    assert code_of(document) == "TOO_DEEP"


def test_thousands_of_brackets_are_no_crash() -> None:
    assert code_of("{a" * 5000 + "}" * 5000) in ("TOO_DEEP", "PARSE_FAILED")


def test_aliases() -> None:
    many = " ".join(f"a{n}: me {{ name }}" for n in range(limits.MAX_ALIASES + 1))
    assert code_of("{ " + many + " }") == "TOO_MANY_ALIASES"


def test_aliases_multiplied_by_fragments() -> None:
    document = "{ me { ...A1 } }"
    for n in range(1, 12):
        document += f" fragment A{n} on Me {{ ...A{n + 1} ...A{n + 1} }}"
    document += " fragment A12 on Me { other: name }"
    assert code_of(document) == "TOO_MANY_ALIASES"


def test_a_fragment_that_reaches_itself_ends() -> None:
    assert code_of("{ me { ...A } } fragment A on Me { ...A }") == "INVALID_DOCUMENT"


def test_cost_multiplies_lists_by_their_length() -> None:
    ten = cost_of("{ cases(first: 10) { edges { node { id number } } } }")
    hundred = cost_of("{ cases(first: 100) { edges { node { id number } } } }")
    assert 9 < hundred / ten < 10.1
    by_variable = "query Q($n: Int) { cases(first: $n) { edges { node { id number } } } }"
    assert cost_of(by_variable, n=100) == hundred
    unpaged = cost_of("{ cases { edges { node { id number } } } }")
    assert ten < unpaged < hundred


def test_cost() -> None:
    costly = "{ cases(first: 100) { edges { node { criteria { rule } timeline { kind } } } } }"
    assert cost_of(costly) < limits.MAX_COST
    trees = (
        "{ cases(first: 100) { edges { node {"
        " criteria { trace { because { fact } } ask { options { code } } }"
        " } } } }"
    )
    answer = execute(ACTOR, trees)
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "TOO_COSTLY"
    assert error["extensions"]["limit"] == limits.MAX_COST < error["extensions"]["cost"]


def test_cost_cannot_be_hidden_by_a_negative_or_huge_page() -> None:
    whole = cost_of("{ cases(first: 100) { edges { node { id } } } }")
    assert cost_of("{ cases(first: 1000000) { edges { node { id } } } }") == whole
    assert cost_of("{ cases(first: -5) { edges { node { id } } } }") > 0


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "PARSE_FAILED"),
        ("{ me { name }", "PARSE_FAILED"),
        ("{ nothing }", "INVALID_DOCUMENT"),
        ("{ me }", "INVALID_DOCUMENT"),
        ("query A { me { name } } query B { me { name } }", "UNKNOWN_OPERATION"),
        ("subscription { me { name } }", "INVALID_DOCUMENT"),
        ('{ case(id: {a: "b"}) { id } }', "INVALID_DOCUMENT"),
    ],
)
def test_a_document_that_does_not_hold(document: str, code: str) -> None:
    assert code_of(document) == code


def test_errors_can_be_sent_as_json() -> None:
    answer = execute(ACTOR, "{ nothing { at { all } } }")
    assert json.loads(json.dumps(answer)) == answer


def test_introspection_is_open() -> None:
    data = execute(ACTOR, '{ __schema { queryType { name } } __type(name: "Case") { name } }')
    assert data == {
        "data": {"__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Case"}}
    }
