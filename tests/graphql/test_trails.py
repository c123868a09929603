"""Nothing about anybody can be read without an entry: what hangs on somebody leaves a trail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from hemvist.migrations.tables import metadata
from hemvist_graphql.reading import Node, Readable, readable, readable_names
from hemvist_graphql.schema import executable_schema

#: Rows of these are about somebody, and so is what hangs on them.
SOMEBODY = {"persons", "households", "cases", "rent_accounts", "arrears_files"}
#: Types whose rows hang on somebody by their table, and yet tell of nobody.
NOBODY = {
    "ArrearsFile": "the file's own name, headings and counts",
    "LandlordPaper": "a name and a kind; its bytes are logged when they are opened",
    "Household": "an alias, a department and a day; who is in it are its members",
}


@lru_cache(maxsize=1)
def hanging() -> frozenset[str]:
    """Tables that point, over however many others, at somebody."""
    found = set(SOMEBODY)
    while True:
        more = {
            table.name
            for table in metadata.sorted_tables
            if table.name not in found
            and any(
                element.column.table.name in found
                for one in table.foreign_key_constraints
                for element in one.elements
            )
        }
        if not more:
            return frozenset(found)
        found |= more


def silent() -> dict[str, type[Readable]]:
    """Types about somebody that leave no trail of their own."""
    return {
        name: readable(name)
        for name in readable_names()
        if readable(name).reading.model.__tablename__ in hanging()
        and not readable(name).reading.trail
        and name not in NOBODY
    }


def ways_to(name: str) -> Iterator[str]:
    """Every type, and field of it, through which rows of a type are reached."""
    schema = executable_schema()
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for key, field in type_.fields.items():
            if get_named_type(field.type).name == name:
                yield f"{type_.name}.{key}"


def leaves_one(name: str) -> bool:
    """Whether rows of the type are in the log; what a command gives is in its own entry."""
    if name.endswith("Done"):
        return True
    return name in readable_names() and bool(readable(name).reading.trail)


def test_what_is_about_somebody_is_reached_through_what_leaves_a_trail() -> None:
    unlogged: dict[str, Any] = {}
    for name, cls in silent().items():
        ways = list(ways_to(name))
        assert ways, name
        open_ways = [way for way in ways if not leaves_one(way.split(".")[0])]
        if issubclass(cls, Node):
            open_ways.append("Query.node")
        if open_ways:
            unlogged[name] = open_ways
    assert unlogged == {}


def test_it_looks_at_real_types() -> None:
    assert {"RentChange", "ContractNotice"} <= set(silent())
    assert not {"Case", "Person", "RentAccount", "PreventionEntry", "ArrearsRow"} & set(silent())
    assert all(readable(one).reading.model.__tablename__ in hanging() for one in NOBODY)
