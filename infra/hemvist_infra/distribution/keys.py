"""Keys, indexes, columns and references of the real tables, against what Citus asks of them."""

from __future__ import annotations

from sqlalchemy import Connection, text

from hemvist_infra.distribution.placement import Lying, lying
from hemvist_infra.distribution.rules import Problem, Rule

_TENANT = "tenant_id"
_TABLES = text(
    "SELECT c.oid, c.relname, c.relpersistence::text, c.relhasrules,"
    " EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS inherits"
    " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')"
    " ORDER BY c.relname"
)
_COLUMNS = text(
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,"
    " a.attidentity::text, a.attgenerated::text,"
    " COALESCE(pg_get_expr(d.adbin, d.adrelid), '') AS given"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')"
    " AND a.attnum > 0 AND NOT a.attisdropped"
)
_INDEXES = text(
    "SELECT t.relname, x.relname AS index, i.indisprimary, i.indisexclusion,"
    " ARRAY(SELECT pg_get_indexdef(i.indexrelid, k + 1, true)"
    "  FROM generate_series(0, i.indnkeyatts - 1) k) AS columns,"
    " ARRAY(SELECT o.oprname::text FROM pg_constraint p"
    "  CROSS JOIN LATERAL unnest(p.conexclop) WITH ORDINALITY e(op, place)"
    "  JOIN pg_operator o ON o.oid = e.op WHERE p.conindid = i.indexrelid AND p.contype = 'x'"
    "  ORDER BY e.place) AS operators"
    " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid"
    " WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')"
    " AND (i.indisunique OR i.indisexclusion)"
)
_REFERENCES = text(
    "SELECT t.relname, c.conname, o.relname AS other, c.confdeltype::text AS deleted,"
    " c.confupdtype::text AS updated,"
    " ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, pos)"
    "  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY k.pos) AS here,"
    " ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, pos)"
    "  JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY k.pos) AS there"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
    " JOIN pg_class o ON o.oid = c.confrelid"
    " WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace"
)
_SEQUENCES = text(
    "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)
_TYPES = text(
    "SELECT t.typname, t.typtype::text FROM pg_type t"
    " WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('r', 'm', 'b', 'p')"
    " AND t.typelem = 0 AND NOT EXISTS (SELECT FROM pg_depend d"
    "  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')"
)
#: References that the script leaves out, and who keeps the promise instead.
LEFT_OUT = {
    ("landlord_members", "principals"): (
        "both are rows of the landlords' own tenant; a member is made of a principal that was looked up in"
        " the same transaction, and retention thins neither"
    ),
    ("landlord_district_properties", "landlord_districts"): (
        "both are rows of the landlords' own tenant, and a property is written below a district that was"
        " looked up in the same transaction"
    ),
}
#: Types that Citus does not carry over by itself; the script makes them on every node.
MADE_BY_SCRIPT = frozenset({"hemvist_ids", "hemvist_id_set"})
_SETS = {"n": "SET NULL", "d": "SET DEFAULT"}


def problems(connection: Connection) -> list[Problem]:
    """Every table, column, key, reference, sequence and type that Citus would refuse."""
    found = _tables(connection) + _columns(connection) + _indexes(connection)
    found += _references(connection)
    found += [
        Problem(name, "a sequence", Rule.NUMBERED) for (name,) in connection.execute(_SEQUENCES)
    ]
    found += [
        Problem(name, "a type that is not carried to other nodes", Rule.TYPE)
        for name, _kind in connection.execute(_TYPES)
        if name not in MADE_BY_SCRIPT
    ]
    return found


def _tables(connection: Connection) -> list[Problem]:
    found = []
    for row in connection.execute(_TABLES):
        if lying(row.relname) is None:
            found.append(Problem(row.relname, "nobody says where it lies", Rule.PLACED))
        if row.inherits or row.relhasrules or row.relpersistence != "p":
            found.append(
                Problem(row.relname, "inherits, has rules or is not logged", Rule.INHERITED)
            )
    return found


def _columns(connection: Connection) -> list[Problem]:
    found = []
    for row in connection.execute(_COLUMNS):
        where = f"{row.relname}.{row.attname}"
        if row.attidentity or "nextval(" in row.given:
            found.append(Problem(where, "numbered by a sequence", Rule.NUMBERED))
        unfit = row.attgenerated or row.type != "uuid" or not row.attnotnull
        if row.attname == _TENANT and unfit and lying(row.relname) is Lying.DISTRIBUTED:
            found.append(Problem(where, "generated, null or no uuid", Rule.COLUMN))
    return found


def _indexes(connection: Connection) -> list[Problem]:
    found = []
    keyed = set()
    for row in connection.execute(_INDEXES):
        if row.indisprimary:
            keyed.add(row.relname)
        if lying(row.relname) is not Lying.DISTRIBUTED:
            continue
        where = f"{row.relname}.{row.index}"
        if _TENANT not in row.columns:
            kind = "primary key" if row.indisprimary else "unique index"
            rule = Rule.EXCLUSION if row.indisexclusion else Rule.KEY
            kind = "exclusion constraint" if row.indisexclusion else kind
            found.append(Problem(where, f"{kind} without {_TENANT}", rule))
        elif row.indisexclusion and row.operators[row.columns.index(_TENANT)] != "=":
            found.append(Problem(where, f"{_TENANT} is not compared by =", Rule.EXCLUSION))
    found += [
        Problem(row.relname, "no primary key", Rule.KEY)
        for row in connection.execute(_TABLES)
        if row.relname not in keyed and lying(row.relname) is Lying.DISTRIBUTED
    ]
    return found


def _references(connection: Connection) -> list[Problem]:
    found = []
    for row in connection.execute(_REFERENCES):
        where, here, there = f"{row.relname}.{row.conname}", lying(row.relname), lying(row.other)
        if (row.relname, row.other) in LEFT_OUT:
            continue
        carried = [pair for pair in zip(row.here, row.there, strict=True) if _TENANT in pair]
        if here is Lying.DISTRIBUTED and there is Lying.DISTRIBUTED:
            if (_TENANT, _TENANT) not in carried:
                what = f"points at {row.other} without {_TENANT} on both sides"
                found.append(Problem(where, what, Rule.COLOCATED))
        elif here is not there and not (here is Lying.DISTRIBUTED and there is Lying.REFERENCE):
            what = f"leads from a {here} table to {row.other}, a {there} one"
            found.append(Problem(where, what, Rule.TO_REFERENCE))
        if here is Lying.DISTRIBUTED and _TENANT in row.here:
            for kind, when in ((row.deleted, "DELETE"), (row.updated, "UPDATE")):
                if kind in _SETS:
                    found.append(Problem(where, f"ON {when} {_SETS[kind]}", Rule.KEY_ACTION))
    return found
