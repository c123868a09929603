"""The portal's documents hold against the schema, and each has its use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from hemvist_graphql.limits import check_shape, check_size
from hemvist_graphql.schema import executable_schema
from hemvist_portal import documents

_SOURCES = Path(documents.__file__).parent


@pytest.mark.parametrize("name", documents.names())
def test_a_document_holds(name: str) -> None:
    """Valid for the schema, and within the limits that hold for everybody."""
    text = documents.document(name)
    check_size(text)
    parsed = parse(text)
    check_shape(parsed)
    assert validate(executable_schema(), parsed) == []


def test_every_document_is_read_by_a_page() -> None:
    """No document is left over."""
    code = "\n".join(path.read_text() for path in _SOURCES.rglob("*.py"))
    unused = [
        name
        for name in documents.names()
        if not re.search(rf'"{re.escape(name.removeprefix("commands/"))}"', code)
    ]
    assert unused == []


def test_every_fragment_is_spread() -> None:
    """No fragment is left over."""
    together = "\n".join(path.read_text() for path in documents.FOLDER.rglob("*.graphql"))
    unused = [
        path.stem
        for path in (documents.FOLDER / "fragments").glob("*.graphql")
        if f"...{path.stem}" not in together.replace("... ", "...")
    ]
    assert unused == []
