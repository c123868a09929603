"""The portal's documents are valid, within the limits, and short enough to be kept parsed."""

from __future__ import annotations

import pytest
from graphql import get_operation_ast, parse, validate

from hemvist_graphql import documents
from hemvist_graphql.costs import cost_of
from hemvist_graphql.limits import MAX_COST, check_shape
from hemvist_graphql.schema import executable_schema
from hemvist_portal.documents import document, names, register_documents

#: How many figures a page asks for by their codes: the six, the ways out, all the ways.
AT_ONCE = {"codes": 6, "ways": 3, "whole": 5}


@pytest.mark.parametrize("name", names())
def test_a_document_of_the_portal(name: str) -> None:
    text = document(name)
    parsed = parse(text)
    check_shape(parsed)
    assert validate(executable_schema(), parsed) == []
    operation = get_operation_ast(parsed)
    assert operation is not None and operation.name is not None, "the log needs a name"
    cost = cost_of(executable_schema(), parsed, operation)
    given = {"first": 100, "last": 100, **{name: ["…"] * count for name, count in AT_ONCE.items()}}
    assert cost.of(given) <= MAX_COST * 2 / 3, "with room to grow"


def test_they_are_registered_and_not_merely_kept() -> None:
    register_documents()
    for name in names():
        found = documents.by_id(documents.document_id(document(name)))
        assert found is documents.document(document(name))
        assert found.operation(None).text == document(name)
