"""The landlords' schema: what can be asked, and every command."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.landlord.commands import command_fields
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import (
    Node,
    check_declarations,
    shown_types,
)
from hemvist_graphql.landlord.loading import asked, found_by_id
from hemvist_graphql.landlord.roots import roots
from hemvist_graphql.scalars import SCALARS

#: Modules of this package that are its frame. Every other one is an area's: it declares types, root
#: fields and commands when it is imported.
FRAME = frozenset(
    {
        *("commands", "context", "declaring", "execution", "http", "loading"),
        *("refs", "refusals", "relations", "roots", "schema", "telling"),
    }
)


def areas() -> list[str]:
    """The modules that declare what the schema has."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(one.name for one in found if one.name not in FRAME)


@lru_cache(maxsize=1)
def schema() -> strawberry.Schema:
    """The schema, with its declarations checked. Raises ``ValueError`` when one does not hold."""
    for area in areas():
        importlib.import_module(f"hemvist_graphql.landlord.{area}")
    check_declarations()
    types = list(shown_types().values())
    by_id: Any = strawberry.field(resolver=node, description=_NODE)
    query = create_type(
        "Query",
        [by_id, *roots().values()],
        description="What lies within reach of the landlords that the caller acts for.",
    )
    mutation = (
        create_type(
            "Mutation",
            list(command_fields().values()),
            description="Commands; each is carried out once.",
        )
        if command_fields()
        else None
    )
    return strawberry.Schema(
        query=query,
        mutation=mutation,
        types=[cls for cls in types if issubclass(cls, Node)],
        config=StrawberryConfig(scalar_map=cast(Any, SCALARS)),
    )


_NODE = "Anything by its id; null where there is none within reach."


def node(info: Info, id: strawberry.ID) -> Node | None:
    """The row that a global id names."""
    parsed = parse_global_id(id)
    if parsed is None or parsed[0] not in shown_types():
        return None
    if not issubclass(shown_types()[parsed[0]], Node):
        return None
    found: Node | None = found_by_id(info.context, parsed[0], id, asked(info))
    return found


def executable_schema() -> GraphQLSchema:
    """The schema as graphql-core carries it out."""
    return schema()._schema


def schema_text() -> str:
    """The schema in its own language, as it is checked in."""
    return schema().as_str().rstrip("\n") + "\n"
