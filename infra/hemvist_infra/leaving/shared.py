"""Rows of no kommun that a kommun's rows point at: landlords and networks of protected moves.

A landlord is the same one where its organisation number is; one that is not there is brought along. A
network is an agreement of several kommuner and is not: it must be there under its code.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import sql

from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection
from hemvist_infra.leaving.tables import exported

Shared = dict[str, list[dict[str, Any]]]


def gathered(connection: Connection, tenant_id: UUID) -> Shared:
    """Those that the kommun's rows point at, with what they are known by."""
    landlords = connection.execute(
        "SELECT id, organisation_number, name, to_json(created_at)#>>'{}' FROM landlords"
        " WHERE id = ANY(%s) ORDER BY id",
        [_pointed_at(connection, tenant_id, "landlords")],
    )
    networks = connection.execute(
        "SELECT id, code, name FROM networks WHERE id = ANY(%s) ORDER BY id",
        [_pointed_at(connection, tenant_id, "networks")],
    )
    names = ("id", "organisation_number", "name", "created_at")
    return {
        "landlords": [dict(zip(names, map(str, row), strict=True)) for row in landlords.fetchall()],
        "networks": [
            dict(zip(("id", "code", "name"), map(str, row), strict=True))
            for row in networks.fetchall()
        ],
    }


def bring(connection: Connection, shared: Shared) -> dict[str, str]:
    """Bring along the landlords that are not there; ids that are others here, by the exported ones.

    In the caller's transaction. Raises ``LeavingProblem`` for a network that is not there, and where a
    landlord's id is another landlord's here.
    """
    there: dict[str, str] = {}
    for one in shared["landlords"]:
        connection.execute(
            "INSERT INTO landlords (id, organisation_number, name, created_at)"
            " VALUES (%(id)s, %(organisation_number)s, %(name)s, %(created_at)s)"
            " ON CONFLICT DO NOTHING",
            one,
        )
        found = connection.execute(
            "SELECT CAST(id AS text) FROM landlords WHERE organisation_number = %(organisation_number)s",
            one,
        ).fetchone()
        if found is None:
            raise LeavingProblem(
                f"landlord {one['id']} is another one here than {one['organisation_number']}"
            )
        if found[0] != one["id"]:
            there[one["id"]] = found[0]
    for one in shared["networks"]:
        found = connection.execute(
            "SELECT CAST(id AS text) FROM networks WHERE code = %(code)s", one
        ).fetchone()
        if found is None:
            raise LeavingProblem(
                f"the network {one['code']!r} is not entered here: enter it first, with hemvist tenant"
                " onboard; what it owes and is owed is settled between the kommuner"
            )
        if found[0] != one["id"]:
            there[one["id"]] = found[0]
    return there


def _pointed_at(connection: Connection, tenant_id: UUID, table: str) -> list[UUID]:
    found: set[UUID] = set()
    for sheet in exported():
        for field in sheet.fields:
            if field.shared == table:
                rows = connection.execute(
                    sql.SQL(
                        "SELECT DISTINCT {0} FROM {1} WHERE tenant_id = %s AND {0} IS NOT NULL"
                    ).format(sql.Identifier(field.name), sql.Identifier(sheet.name)),
                    [tenant_id],
                )
                found |= {one for (one,) in rows.fetchall()}
    return sorted(found)
