"""Keys: the tenant comes first in each, so that rows of two kommuner never meet.

The same rules let the schema be distributed on Citus by ``tenant_id`` unchanged: uniqueness and
foreign keys within a tenant, reference tables for the rest, no sequences.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from hemvist.tenancy import Global, Owned
from hemvist_infra.catalogue.relations import Relation, declared

_TENANT = "tenant_id"
_COLUMNS = text(
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " a.attidentity <> '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid), '') LIKE '%nextval(%'"
    " FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped"
)
_INDEXES = text(
    "SELECT i.indexrelid::regclass::text, i.indisprimary,"
    " ARRAY(SELECT pg_get_indexdef(i.indexrelid, k + 1, true)"
    "  FROM generate_series(0, i.indnkeyatts - 1) k)"
    " FROM pg_index i WHERE i.indrelid = :oid AND (i.indisunique OR i.indisexclusion)"
)
_FOREIGN_KEYS = text(
    "SELECT c.conname, t.relname, ARRAY(SELECT a.attname::text FROM unnest(c.conkey)"
    "  WITH ORDINALITY k(num, pos) JOIN pg_attribute a"
    "  ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY k.pos),"
    " ARRAY(SELECT a.attname::text FROM unnest(c.confkey)"
    "  WITH ORDINALITY k(num, pos) JOIN pg_attribute a"
    "  ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY k.pos)"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid"
    " WHERE c.conrelid = :oid AND c.contype = 'f'"
)
_TRIGGERS = text(
    "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = :oid AND NOT tgisinternal"
)


def problems(connection: Connection, relation: Relation) -> list[str]:
    """What is wrong with the columns and keys of a declared table."""
    found = _columns(connection, relation)
    if isinstance(relation.declaration, Owned):
        found += _indexes(connection, relation)
    found += _foreign_keys(connection, relation)
    return found + _triggers(connection, relation)


def _triggers(connection: Connection, relation: Relation) -> list[str]:
    declaration = relation.declaration
    wanted = set() if declaration is None else set(declaration.triggers)
    rows = connection.execute(_TRIGGERS, {"oid": relation.oid})
    there: dict[str, str] = {row.tgname: row.tgenabled for row in rows}
    found = [
        f"{relation.name}: trigger {name} acts out of sight" for name in sorted(set(there) - wanted)
    ]
    return found + [
        f"{relation.name}: trigger {name} is declared and does not act"
        for name in sorted(wanted)
        if there.get(name) != "O"
    ]


def _columns(connection: Connection, relation: Relation) -> list[str]:
    found: list[str] = []
    tenant = None
    for name, kind, not_null, numbered in connection.execute(_COLUMNS, {"oid": relation.oid}):
        if numbered:
            found.append(f"{relation.name}.{name}: numbered by a sequence")
        if name == _TENANT:
            tenant = (kind, not_null)
    if isinstance(relation.declaration, Owned) and tenant != ("uuid", True):
        found.append(f"{relation.name}: tenant_id is not uuid NOT NULL")
    if isinstance(relation.declaration, Global) and tenant is not None:
        found.append(f"{relation.name}: declared global but has tenant_id")
    return found


def _indexes(connection: Connection, relation: Relation) -> list[str]:
    found: list[str] = []
    primary = False
    for name, is_primary, columns in connection.execute(_INDEXES, {"oid": relation.oid}):
        primary = primary or is_primary
        if columns[:1] != [_TENANT]:
            kind = "primary key" if is_primary else "unique"
            found.append(f"{relation.name}: {kind} {name} does not begin with tenant_id")
    if not primary:
        found.append(f"{relation.name}: has no primary key")
    return found


def _foreign_keys(connection: Connection, relation: Relation) -> list[str]:
    found: list[str] = []
    owned = isinstance(relation.declaration, Owned)
    for name, target, columns, target_columns in connection.execute(
        _FOREIGN_KEYS, {"oid": relation.oid}
    ):
        target_owned = isinstance(declared(target), Owned)
        if declared(target) is None:
            found.append(f"{relation.name}: {name} points at undeclared {target}")
        elif target_owned and not owned:
            found.append(f"{relation.name}: global, but {name} points at {target} of a tenant")
        elif target_owned and (columns[0], target_columns[0]) != (_TENANT, _TENANT):
            found.append(f"{relation.name}: {name} could point at another tenant's {target}")
    return found
