"""A kommun that thins: its officers, cases of long ago, and what is left of a kommun's rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.db import Audience
from hemvist.households.service import NewMember
from hemvist.identity import Membership, Role
from hemvist.migrations.tables import metadata
from hemvist.retention import running, service
from hemvist.retention.models import ThinningRun
from hemvist.tenancy import Owned, Tenant, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.sealed import sealed_columns
from hemvist_world import World, adult, as_owner, caseworker_of, new_world

FIRST, SECOND = "archivist", "second archivist"
_people = count()
#: What a thinning writes of itself.
OF_THINNING = {
    *("thinning_runs", "thinning_items", "kept_vouchers", "retention_marks"),
    *("audit_entries", "outbox_events", "inbox_receipts"),
}


def thinning_world(code: str = "") -> World:
    """A kommun with two policy officers, in a county that does not keep everything."""
    while True:
        world = new_world()
        with tenant_session(Audience.WORKER, world.tenant_id) as session:
            found = session.get_one(Tenant, world.tenant_id).kommun_code
        if found[:2] not in ("05", "09", "22") and found != "1480":
            break
    for name in (FIRST, SECOND):
        world.add(name, Membership(Role.POLICY_OFFICER))
    if code:
        with as_owner(world.tenant_id) as connection:
            connection.execute(
                "UPDATE tenants SET kommun_code = %s WHERE id = %s", (code, world.tenant_id)
            )
    return world


def born(day: date, role: str = "applicant") -> NewMember:
    """Somebody who was born on exactly this day."""
    ten = f"{day:%y%m%d}{980 + next(_people) % 20}"
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
    control = -sum(value - 9 if value > 9 else value for value in digits) % 10
    return adult(role, personal_number=f"{day.year // 100}{ten}{control}")


def old_case(world: World, *births: date, years: int = 6) -> Case:
    """A case that was closed so long ago, of people born on these days: unless told, on no day that
    is kept."""
    people = [
        born(day, "applicant" if place == 0 else "other")
        for place, day in enumerate(births or (date(1980, 3, 3),))
    ]
    case = close(world, world.case(*people))
    age(world, case.id, years)
    return case


def close(world: World, case: Case) -> Case:
    """The case closed by its caseworker."""
    now = world.again(case)
    return world.act(  # type: ignore[no-any-return]
        caseworker_of(now.department),
        closing.close,
        case_id=now.id,
        reason="moved_away",
        expected_version=now.version,
    )


def age(world: World, case_id: UUID, years: int = 6) -> None:
    """Let everything noted in the case have been noted so long ago, and let it be closed."""
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE case_events SET occurred_on = occurred_on - make_interval(years => %s),"
            " recorded_at = recorded_at - make_interval(years => %s) WHERE case_id = %s",
            (years, years, case_id),
        )
        connection.execute(
            "UPDATE cases SET state = 'closed', opened_on = opened_on - make_interval(years => %s),"
            " closed_on = COALESCE(closed_on, current_date) - make_interval(years => %s)"
            " WHERE id = %s",
            (years, years, case_id),
        )


def proposed(world: World, who: str = FIRST) -> ThinningRun:
    """A run that waits for approval."""
    run = world.act(who, service.propose)
    while running.step(world.tenant_id, run.id, metadata):
        pass
    return world.again(run)  # type: ignore[no-any-return]


def approved(world: World, run: ThinningRun, who: str = SECOND) -> ThinningRun:
    """The run, approved by the other officer."""
    return world.act(  # type: ignore[no-any-return]
        who, service.approve, run_id=run.id, expected_version=world.again(run).version
    )


def carried_out(world: World, run: ThinningRun) -> ThinningRun:
    """The run as it is when the worker has done with it."""
    while running.step(world.tenant_id, run.id, metadata):
        pass
    return world.again(run)  # type: ignore[no-any-return]


def thinned(world: World) -> ThinningRun:
    """What is due, proposed, approved and gone."""
    return carried_out(world, approved(world, proposed(world)))


def rows(tenant_id: UUID) -> Mapping[tuple[str, UUID], str]:
    """Every row of the kommun as PostgreSQL writes it, by table and id."""
    found: dict[tuple[str, UUID], str] = {}
    with as_owner(tenant_id) as connection:
        for table in metadata.sorted_tables:
            if isinstance(table.info["tenancy"], Owned):
                found |= {(table.name, row[0]): row[1] for row in _rows(connection, table.name)}
    return found


def _rows(connection: psycopg.Connection[Any], table: str) -> list[Any]:
    return connection.execute(
        sql.SQL("SELECT id, t::text FROM {} t").format(sql.Identifier(table))
    ).fetchall()


def opened(tenant_id: UUID) -> Mapping[tuple[str, str], list[bytes]]:
    """Everything that is sealed in the kommun's rows, opened, by table and column."""
    keys, found = tenant_keys(tenant_id), {}
    with as_owner(tenant_id) as connection:
        for table in metadata.sorted_tables:
            if not isinstance(table.info["tenancy"], Owned):
                continue
            for column, field in sealed_columns(table):
                statement = sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL").format(
                    sql.Identifier(column), sql.Identifier(table.name), sql.Identifier(column)
                )
                found[table.name, column] = [
                    keys.open_bytes(field, value) for (value,) in connection.execute(statement)
                ]
    return found
