"""How an operation becomes an export: what is put into it, and what cannot be one."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse, print_ast

from hemvist_graphql.documents import read
from hemvist_graphql.exporting import Export, export_of
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.limits import MAX_COST

PLAIN = "query Mine { cases { edges { node { id } } } }"


def export(text: str, **variables: Any) -> Export:
    return export_of(read(text).operation(None), variables)


def refused(text: str, **variables: Any) -> str:
    with pytest.raises(RequestFailed) as caught:
        export(text, **variables)
    return caught.value.code


def test_pages_are_put_into_the_operation_and_nothing_else_is_changed() -> None:
    made = export(
        "query Mine($f: CaseFilter) { mine: cases(filter: $f) { e: edges { at: cursor row: node"
        " { ...C } } } } fragment C on Case { id number }"
    )
    assert print_ast(parse(made.document.text)) == print_ast(
        parse(
            "query Mine($f: CaseFilter, $exportFirst: Int, $exportAfter: String) {"
            " mine: cases(filter: $f, first: $exportFirst, after: $exportAfter) {"
            " e: edges { at: cursor row: node { ...C } }"
            " exportPage: pageInfo { hasNextPage endCursor } } }"
            " fragment C on Case { id number }"
        )
    )
    assert not made.document.errors
    assert (made.name, made.field) == ("Mine", "cases")
    assert (made.key, made.edges, made.node, made.cursor) == ("mine", "e", "row", "at")


def test_where_to_begin_is_the_callers_own_variable_or_stands_in_the_document() -> None:
    own = export("query Q($a: String) { cases(after: $a) { edges { node { id } } } }")
    assert (own.after, own.start) == ("a", None)
    assert "exportAfter" not in own.document.text
    written = export('{ cases(after: "x") { edges { node { id } } } }')
    assert (written.after, written.start) == ("exportAfter", "x")
    assert '"x"' not in written.document.text
    assert export("{ cases(after: null) { edges { node { id } } } }").start is None


@pytest.mark.parametrize(
    "text",
    [
        "{ me { name } }",
        '{ case(id: "x") { id } }',
        "{ packs { name } }",
        "{ __typename }",
        "{ cases { edges { node { id } } } me { name } }",
        "{ cases(first: 10) { edges { node { id } } } }",
        "{ cases(last: 10) { edges { node { id } } } }",
        '{ cases(before: "x") { edges { node { id } } } }',
        "{ cases { totalCount } }",
        "{ cases { totalCount edges { node { id } } } }",
        "{ cases { edges { cursor } } }",
        "{ cases { edges { node { id } other: node { id } } } }",
        "{ cases { edges { __typename node { id } } } }",
        "{ cases { ...P } } fragment P on CaseConnection { edges { node { id } } }",
        "query Q($b: Boolean!) { cases @include(if: $b) { edges { node { id } } } }",
        "query Q($b: Boolean!) { cases { edges @skip(if: $b) { node { id } } } }",
        "query Q($b: Boolean!) { cases { edges { node @skip(if: $b) { id } } } }",
        "query Q($exportFirst: CaseFilter) { cases(filter: $exportFirst) { edges { node { id } } } }",
    ],
)
def test_what_is_no_export(text: str) -> None:
    assert not read(text).errors, "it holds for the schema"
    assert refused(text) == Code.NOT_A_LIST


def test_a_command_is_no_export() -> None:
    text = "mutation M($i: OpenCaseInput!) { openCase(input: $i) { __typename } }"
    assert refused(text) == Code.NOT_A_LIST


def test_pages_are_as_long_as_the_limit_on_cost_allows() -> None:
    assert export(PLAIN).page == 100
    rows = "timeline { kind label recordedAt actorName } obligations { code } followUps { id }"
    costly = export(f"{{ cases {{ edges {{ node {{ {rows} }} }} }} }}")
    assert 1 < costly.page < 100
    paged = costly.document.operation(None)
    assert paged.cost.of({"exportFirst": costly.page}) <= MAX_COST
    trees = " ".join(
        f"a{n}: criteria {{ trace {{ label because {{ fact }} }} }}" for n in range(38)
    )
    assert refused(f"{{ cases {{ edges {{ node {{ {trees} }} }} }} }}") == Code.TOO_COSTLY
