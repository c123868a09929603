"""Whose data a statement lays open, gathered while it is read, and the audit row made of it.

The ids travel upwards beside the JSON as bytes, sixteen for each: PostgreSQL has no aggregate that
joins arrays of different lengths.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    LargeBinary,
    Text,
    Uuid,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from hemvist.audit.models import AuditEntry
from hemvist_graphql.compiled.parameters import Given

KINDS = ("person", "case", "looked", "rent")
#: What an entry's details call the rows of a kind.
LISTED = {"looked": "looked_at", "rent": "rents"}
_NONE: ColumnElement[Any] = literal_column("''::bytea", LargeBinary())
Trail = dict[str, ColumnElement[Any]]


def own(row_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The trail that one id leaves; null for no id."""
    return func.uuid_send(row_id, type_=LargeBinary())


def joined(*trails: Trail) -> Trail:
    """Several trails of one row as one."""
    found: Trail = {}
    for kind in KINDS:
        for trail in trails:
            if kind in trail:
                part = func.coalesce(trail[kind], _NONE, type_=LargeBinary())
                found[kind] = (
                    found[kind].op("||", return_type=LargeBinary())(part) if kind in found else part
                )
    return found


def gathered(trail: Trail, only: ColumnElement[bool] | None = None) -> Trail:
    """The trails of many rows, of those that meet ``only``, as one."""
    found: Trail = {}
    for kind, one in trail.items():
        whole: Any = func.string_agg(one, _NONE, type_=LargeBinary())
        found[kind] = whole if only is None else whole.filter(only)
    return found


def audit_entry(answer: CTE, kinds: tuple[str, ...], given: Given) -> CTE:
    """The CTE that writes one entry for everything in ``answer``'s trails; none when they are empty."""
    laid = select(*(ids_of(answer.name, kind).label(kind) for kind in kinds)).select_from(answer)
    # Without this each mention of the ids would gather them anew.
    laid_open = laid.cte("laid").prefix_with("MATERIALIZED")
    nobody = no_ids("person")
    persons = laid_open.c["person"] if "person" in kinds else nobody
    cases: Any = laid_open.c["case"] if "case" in kinds else nobody
    several = func.cardinality(cases)
    # Read from the column: written after a literal, a subscript is part of its type.
    one = cases[literal_column("1")] if "case" in kinds else literal_column("NULL::uuid", Uuid())
    details: Any = case(
        (several > 1, func.jsonb_build_object(literal_column("'cases'"), cases)),
        else_=literal_column("'{}'::jsonb", JSONB()),
    )
    laid_anything = or_(func.cardinality(persons) > 0, several > 0)
    for kind, name in LISTED.items():
        if kind not in kinds:
            continue
        listed: Any = laid_open.c[kind]
        any_rows = func.cardinality(listed) > 0
        rows = case(
            # A name of this module alone.
            (any_rows, func.jsonb_build_object(literal_column(f"'{name}'"), listed)),
            else_=literal_column("'{}'::jsonb", JSONB()),
        )
        details = details.op("||", return_type=JSONB())(rows)
        laid_anything = or_(laid_anything, any_rows)
    values = entry_values(
        given,
        id=given("audit_id", Uuid()),
        action=given("audit_action", Text()),
        case_id=case((several == 1, one), else_=None),
        person_ids=persons,
        details=details,
    )
    return entry_of(values, laid_open, "logged", laid_anything)


def entry_values(given: Given, **own: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    """The columns of an entry about a read: who, when and from where, and what is its own.

    PostgreSQL makes the mark when it writes the entry: only it knows whom the statement laid open.
    """
    return {
        "tenant_id": given("tenant", Uuid()),
        "at": given("audit_at", DateTime(timezone=True)),
        "kind": literal_column("'read'"),
        "principal_id": given("principal", Uuid()),
        "roles": given("audit_roles", ARRAY(Text())),
        "channel": given("audit_channel", Text()),
        "origin": given("audit_origin", Text()),
        "mac": given("audit_key", LargeBinary()),
        **own,
    }


def entry_of(
    values: Mapping[str, ColumnElement[Any]], source: Any, name: str, *only: ColumnElement[bool]
) -> CTE:
    """The CTE ``name`` that writes an entry for each row of ``source`` that meets ``only``."""
    rows = select(*(value.label(key) for key, value in values.items())).select_from(source)
    entries: Any = AuditEntry.__table__
    made = insert(entries).from_select(list(values), rows.where(*only), include_defaults=False)
    return made.cte(name)


def ids_of(answer: str, kind: str) -> ColumnElement[Any]:
    """The distinct ids of a trail in order."""
    trail = f'"{answer}"."{kind}"'
    # Names of this module alone stand in the text.
    return literal_column(
        f"ARRAY(SELECT DISTINCT encode(substr({trail}, at * 16 + 1, 16), 'hex')::uuid"  # noqa: S608 - a label of the plan's own
        f" FROM generate_series(0, length({trail}) / 16 - 1) AS at ORDER BY 1)",
        ARRAY(Uuid()),
    )


def no_ids(kind: str) -> ColumnElement[Any]:
    """The ids of a trail that nothing leaves."""
    assert kind in KINDS
    return literal_column("'{}'::uuid[]", ARRAY(Uuid()))
