"""Every kommun's file gives its letters a name, colours and texts with a source."""

from __future__ import annotations

from hemvist.letters.models import KINDS
from hemvist_infra.letterheads import letterheads
from hemvist_tenants import load_tenants
from hemvist_tenants.loader import LETTERS


def test_every_kommun_has_a_letterhead() -> None:
    tenants = load_tenants()
    found = letterheads(tenants)
    assert set(found) == set(tenants)
    for slug, head in found.items():
        assert head.name.startswith(tenants[slug].name.rstrip("s"))
        assert head.primary == tenants[slug].colours.primary
        assert all(one.text and one.cite for one in head.texts)
    assert any(head.texts for head in found.values())


def test_files_know_the_kinds_of_letters() -> None:
    assert set(LETTERS) == {*KINDS, "*"}
