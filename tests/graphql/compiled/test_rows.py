"""Whose data a row is, is left out only where the row above it has told the same.

No declared type has two ways to one subject, so no read tells a wrong shortcut from a right one: the
shortcut itself is asked.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hemvist.identity import Actor
from hemvist.offers.models import Offer as OfferRow
from hemvist_graphql.compiled.rows import Names, Rows
from hemvist_graphql.reading import readable
from hemvist_graphql.schema import schema

NOBODY = Actor.system(UUID(int=1))


def rows(name: str) -> Rows:
    """Rows of the type ``name``."""
    schema()
    return Rows(readable(name).reading, NOBODY, Names())


def column(key: str) -> Any:
    """A column of ``Offer``."""
    schema()
    found = {"unit_id": OfferRow.__table__.c.unit_id}
    return readable("Offer").reading.columns.get(key, found.get(key))


def test_the_case_of_a_case_s_rows_is_told() -> None:
    assert rows("Offer").below(rows("Case"), column("case_id")).told == {"case"}


def test_rows_that_hang_on_a_case_by_another_column_tell_their_own() -> None:
    assert rows("Offer").below(rows("Case"), column("unit_id")).told == set()


def test_a_parent_whose_case_is_not_itself_tells_nothing_of_others() -> None:
    assert rows("Offer").below(rows("Contract"), column("case_id")).told == set()


def test_the_case_that_a_row_has_told_is_told() -> None:
    assert rows("Case").pointed_at(rows("Contract"), "case_id").told == {"case"}
    assert rows("Case").pointed_at(rows("Unit"), "case_id").told == set()


def test_a_row_of_the_same_case_that_is_not_the_case_tells_its_own() -> None:
    assert rows("Offer").pointed_at(rows("Contract"), "case_id").told == set()
