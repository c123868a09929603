"""The inventory of columns that can hold text: what a stolen dump shows of each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ARRAY, JSON, Column, LargeBinary, MetaData, String

import hemvist.tenancy
from hemvist.tenancy.sealed import field_of

INVENTORY = Path(hemvist.tenancy.__file__).with_name("inventory.toml")


@cache
def inventory() -> Mapping[str, Mapping[str, Any]]:
    """What the file says of each table."""
    said = tomllib.loads(INVENTORY.read_text())
    return {table: one for table, one in said.items() if table != "reasons"}


@cache
def reasons() -> frozenset[str]:
    """The words for why a column may be in clear."""
    return frozenset(tomllib.loads(INVENTORY.read_text())["reasons"])


def can_tell(column: Column[Any]) -> bool:
    """Whether the column can hold text, a document or bytes."""
    held = column.type
    if isinstance(held, ARRAY):
        return isinstance(held.item_type, String)
    return isinstance(held, String | JSON | LargeBinary)


def faults(metadata: MetaData, said: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What the inventory says and the tables do not, and the other way round."""
    for name in sorted(said.keys() - metadata.tables.keys()):
        yield f"{name}: there is no such table"
    for table in metadata.sorted_tables:
        one = said.get(table.name, {})
        listed = list(_listed(one))
        there = {column.name: column for column in table.columns if can_tell(column)}
        for name in sorted(set(listed) ^ there.keys()):
            yield f"{table.name}.{name}: {'says nothing' if name in there else 'is not there'}"
        for name in sorted(name for name in set(listed) if listed.count(name) > 1):
            yield f"{table.name}.{name}: is said twice"
        sealed = {name for name, column in there.items() if field_of(column)}
        for name in sorted(sealed ^ set(one.get("sealed", ()))):
            yield f"{table.name}.{name}: {'is' if name in sealed else 'is not'} sealed"
        for why in sorted(one.get("clear", {}).keys() - reasons()):
            yield f"{table.name}: {why} is no reason"


def _listed(one: Mapping[str, Any]) -> Iterator[str]:
    for how in ("sealed", "sealed_to", "waiting"):
        yield from one.get(how, ())
    for names in one.get("clear", {}).values():
        yield from names
