"""The relations of the database and what the code says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from hemvist.migrations.landlord_views import VIEWS
from hemvist.migrations.rendering import VERSION_TABLE
from hemvist.migrations.tables import metadata
from hemvist.tenancy import Declaration

SCHEMA = "public"
#: Not in the declarations, and why that is no hole.
ALLOWED = {VERSION_TABLE: "which migration the database has: Alembic's own, no grant to anybody"}

_RELATIONS = text(
    "SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,"
    " pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
    " ORDER BY c.relname"
)
_OTHER_SCHEMAS = text(
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'"
    " AND nspname NOT IN ('information_schema', :schema)"
)
_FUNCTIONS = text(
    "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname = :schema AND p.prosecdef"
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the database. ``declaration`` is None where the code has none."""

    oid: int
    name: str
    kind: str
    row_security: bool
    forced: bool
    owner: str
    declaration: Declaration | None


def declared(name: str) -> Declaration | None:
    """What the code declares of the table ``name``."""
    table = metadata.tables.get(name)
    return None if table is None else table.info["tenancy"]


def read_relations(connection: Connection) -> list[Relation]:
    """Every table, view and sequence of the schema."""
    rows = connection.execute(_RELATIONS, {"schema": SCHEMA})
    return [
        Relation(oid, name, kind, row_security, forced, owner, declared(name))
        for oid, name, kind, row_security, forced, owner in rows
    ]


def undeclared(connection: Connection, relations: Sequence[Relation]) -> list[str]:
    """Relations that nobody has declared, declared tables that are missing, ways around."""
    found: list[str] = []
    for relation in relations:
        if relation.kind == "S":
            found.append(f"{relation.name}: a sequence; ids are made in Python")
        elif relation.kind == "v" and relation.name in VIEWS:
            continue  # held against its declaration in hemvist_infra.landlord_views
        elif relation.kind not in ("r", "p"):
            found.append(f"{relation.name}: not a plain table, and nothing declares it")
        elif relation.declaration is None and relation.name not in ALLOWED:
            found.append(f"{relation.name}: says neither whose rows it holds nor who may see them")
    present = {relation.name for relation in relations}
    found += [f"{name}: declared but missing" for name in metadata.tables if name not in present]
    for (schema,) in connection.execute(_OTHER_SCHEMAS, {"schema": SCHEMA}):
        found.append(f"schema {schema}: not one of ours")
    for (function,) in connection.execute(_FUNCTIONS, {"schema": SCHEMA}):
        found.append(f"function {function}: runs with its owner's rights")
    return found
