"""The portal's documents are valid, within the limits, and short enough to be kept parsed."""

from __future__ import annotations

import pytest
from graphql import get_operation_ast, parse, validate

from hemvist_graphql.execution import KEPT_DOCUMENTS, KEPT_LENGTH
from hemvist_graphql.limits import check_cost, check_shape
from hemvist_graphql.schema import executable_schema
from hemvist_portal.documents import document, names


@pytest.mark.parametrize("name", names())
def test_a_document_of_the_portal(name: str) -> None:
    text = document(name)
    assert len(text) <= KEPT_LENGTH
    parsed = parse(text)
    check_shape(parsed)
    assert validate(executable_schema(), parsed) == []
    operation = get_operation_ast(parsed)
    assert operation is not None and operation.name is not None, "the log needs a name"
    check_cost(executable_schema(), parsed, operation, {"first": 100, "last": 100})


def test_all_of_them_fit_among_the_kept() -> None:
    assert len(names()) < KEPT_DOCUMENTS / 2
