"""Attributes over sealed columns: they open and seal for the row's own kommun."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.migrations import tables  # noqa: F401
from hemvist.tenancy import (
    Base,
    SealedBytes,
    SealedDate,
    SealedJson,
    SealedObjects,
    SealedOptionalText,
    SealedText,
    sealed_column,
)
from hemvist.tenancy.keys import SealBroken
from hemvist.tenancy.sealed import as_columns, field_of, seal_waiting
from hemvist_inventory import inventory

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
A, B = new_id(), new_id()
COPIES = {"simulation_parts": "snapshot_chunks"}


class Apart(DeclarativeBase):
    metadata = MetaData()


class Row(Apart):
    __tablename__ = "things"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    name_sealed: Mapped[bytes] = sealed_column("things.name")
    note_sealed: Mapped[bytes | None] = sealed_column("things.note")
    day_sealed: Mapped[bytes | None] = sealed_column("things.day")
    data_sealed: Mapped[bytes | None] = sealed_column("things.data")
    file_sealed: Mapped[bytes | None] = sealed_column("things.file")
    words_sealed: Mapped[bytes | None] = sealed_column("things.words")
    items_sealed: Mapped[bytes | None] = sealed_column("things.items")

    name = SealedText("name_sealed")
    note = SealedOptionalText("note_sealed")
    day = SealedDate("day_sealed")
    data = SealedJson("data_sealed")
    file = SealedBytes("file_sealed")
    words = SealedText("words_sealed", default="")
    items = SealedObjects("items_sealed", default=[])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


# The first value of a process makes the folder's keys.
@settings(deadline=None)
@given(TEXT, st.none() | TEXT, st.none() | st.dates(), JSON, st.none() | st.binary())
def test_what_is_set_is_what_is_read(
    name: str, note: str | None, day: date | None, data: Any, file: bytes | None
) -> None:
    row = Row(tenant_id=A, name=name, note=note, day=day, data=data, file=file)
    assert (row.name, row.note, row.day, row.data, row.file) == (name, note, day, data, file)
    # As it comes from the database: the columns alone.
    read = Row(
        **{
            column: getattr(row, column)
            for column in Row.__table__.columns.keys()  # noqa: SIM118
        }
    )
    assert (read.name, read.note, read.day, read.data, read.file) == (name, note, day, data, file)


def test_a_row_without_a_kommun_is_sealed_when_it_gets_one() -> None:
    row = Row(name="Åsa", note=None)
    assert row.name == "Åsa"
    assert row.name_sealed is None
    row.tenant_id = A
    seal_waiting(row)
    assert b"sa" not in row.name_sealed
    assert (row.name, row.note) == ("Åsa", None)


def test_what_nobody_says_is_the_default_and_what_somebody_says_is_not() -> None:
    silent, said = Row(tenant_id=A, name="Åsa"), Row(name="Åsa", words="Hej.", items=[{"a": 1}])
    said.tenant_id = A
    for row in (silent, said):
        seal_waiting(row)
    assert (silent.words, silent.items) == ("", [])
    assert (said.words, said.items) == ("Hej.", [{"a": 1}])
    # Only where it was declared.
    assert silent.note_sealed is None


def test_a_default_is_nobodys_own() -> None:
    one, other = Row(tenant_id=A, name="Åsa"), Row(tenant_id=A, name="Bo")
    for row in (one, other):
        seal_waiting(row)
    one.items.append({"a": 1})
    assert other.items == one.items == []


def test_values_for_a_statement_are_sealed_under_the_names_of_columns() -> None:
    kept = {"id": 7, "name": "Åsa", "note": None}
    row = as_columns(Row, A, kept)
    assert row.keys() == {"id", "name_sealed", "note_sealed"}
    assert (row["id"], row["note_sealed"]) == (7, None)
    assert Row.name.opened(A, row["name_sealed"]) == "Åsa"


def test_a_value_moved_to_another_kommuns_row_does_not_open() -> None:
    stolen = Row(tenant_id=B, name_sealed=Row(tenant_id=A, name="Åsa").name_sealed)
    with pytest.raises(SealBroken):
        _ = stolen.name


def test_a_value_moved_to_another_column_does_not_open() -> None:
    row = Row(tenant_id=A, name="Åsa")
    row.note_sealed = row.name_sealed
    with pytest.raises(SealBroken):
        _ = row.note


def test_the_same_value_again_is_no_change() -> None:
    row = Row(tenant_id=A, name="Åsa")
    before = row.name_sealed
    row.name = "Åsa"
    assert row.name_sealed is before
    row.name = "Asa"
    assert row.name_sealed != before


def test_of_the_model_it_is_the_attribute_that_opens() -> None:
    row = Row(tenant_id=A, name="Åsa")
    assert Row.name.opened(A, row.name_sealed) == "Åsa"
    assert Row.name.opened(A, Row.name.sealed(A, "Bo")) == "Bo"


def test_every_column_that_is_called_sealed_says_for_what() -> None:
    to_others = {name: one.get("sealed_to", ()) for name, one in inventory().items()}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if "sealed" in column.name and column.name not in to_others.get(table.name, ()):
                assert field_of(column), f"{table.name}.{column.name}: use sealed_column"
            if field_of(column):
                # PostgreSQL copies chunks of the snapshot into parts of a simulation, as they are.
                held = COPIES.get(table.name, table.name)
                assert str(field_of(column)).startswith(f"{held}.")
