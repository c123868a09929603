"""The landlords' documents hold against their schema, each has its use; every place has its page."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from graphql import parse, validate

import hemvist_portal.landlord as package
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_graphql.limits import check_shape, check_size
from hemvist_portal.documents import LANDLORDS, document, names
from hemvist_portal.landlord import routes
from hemvist_portal.landlord.menu import MENU
from hemvist_portal.landlord.waiting import KINDS, PLACES

_CODE = "\n".join(path.read_text() for path in Path(package.__file__).parent.rglob("*.py"))
_PATHS = {
    re.sub(r"{\w+(:\w+)?}", "{id}", route.path)
    for one in iter_modules(routes.__path__)
    for route in import_module(f"{routes.__name__}.{one.name}").router.routes
}


@pytest.mark.parametrize("name", names(LANDLORDS))
def test_a_document_holds(name: str) -> None:
    """Valid for the schema, and within the limits that hold for everybody."""
    text = document(name, LANDLORDS)
    check_size(text)
    parsed = parse(text)
    check_shape(parsed)
    assert validate(executable_schema(), parsed) == []


def test_every_document_is_read_and_every_fragment_spread() -> None:
    """Nothing is left over."""
    unused = [
        name
        for name in names(LANDLORDS)
        if not re.search(rf'"{re.escape(name.removeprefix("commands/"))}"', _CODE)
    ]
    assert unused == []
    together = "\n".join(path.read_text() for path in LANDLORDS.rglob("*.graphql"))
    fragments = (path.stem for path in (LANDLORDS / "fragments").glob("*.graphql"))
    assert [one for one in fragments if f"...{one}" not in together] == []


def test_every_page_that_something_leads_to_is_there() -> None:
    """The menu, what waits, and what an event is about."""
    wanted = {place.path for group in MENU for place in group.places}
    wanted |= {kind.path for kind in KINDS.values()} | set(PLACES.values())
    assert sorted(f"/hyresvard/{one}" for one in wanted if f"/hyresvard/{one}" not in _PATHS) == []
