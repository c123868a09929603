"""Erasure of a kommun: its keys first, then every row, then proof that nothing is left.

Two people, and a day: one asks, another agrees when the day has come. The database holds both, and lets
nobody delete a kept record but while such an erasure runs. Killed, it goes on when it is given again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy.key_folder import key_folder
from hemvist.tenancy.keys import forget_keys
from hemvist_infra.leaving import broker, certificate, reading
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection, Registered
from hemvist_infra.leaving.tables import Sheet, sheets

#: Days between asking and agreeing, unless the operator says otherwise; they stand in the certificate.
WAIT = 7
#: Rows that go in one transaction.
BATCH = 5000
Progress = Callable[[str, int, int], None]


class Erasure(NamedTuple):
    """An erasure that is under way."""

    id: UUID
    state: str
    requested_by: str
    not_before: Any
    before: dict[str, Any] | None


def request(slug: str, by: str, because: str, wait: timedelta) -> str:
    """Ask for the erasure of a closed kommun; from when on another person may agree to it.

    Nothing goes yet. Raises ``LeavingProblem``.
    """
    if not by.strip() or not because.strip():
        raise LeavingProblem(
            "say who asks (--by NAME) and why (--because TEXT): the certificate tells"
        )
    with reading.owner(slug) as connection:
        kommun = _closed(connection, slug)
        there = _under_way(connection, kommun.id)
        if there is not None:
            raise LeavingProblem(
                f"{there.requested_by} has asked for it already: from"
                f" {there.not_before:%Y-%m-%d %H:%M} UTC on another person may agree"
            )
        ((day,),) = connection.execute(
            "INSERT INTO tenant_erasures (id, kommun_id, reason, requested_by, requested_at, not_before)"
            " VALUES (%s, %s, %s, %s, now(), now() + %s) RETURNING not_before",
            [new_id(), kommun.id, because.strip(), by.strip(), wait],
        ).fetchall()
    return f"{day:%Y-%m-%d %H:%M}"


def withdraw(slug: str) -> None:
    """Take a request back; what has begun cannot be stopped, for its keys are gone."""
    with reading.owner(slug) as connection:
        kommun = reading.registered(connection, slug)
        changed = connection.execute(
            "UPDATE tenant_erasures SET state = 'withdrawn', ended_at = now()"
            " WHERE kommun_id = %s AND state = 'requested'",
            [kommun.id],
        )
        if not changed.rowcount:
            raise LeavingProblem(f"no erasure of {slug} waits for anybody")


def erase(slug: str, by: str, progress: Progress) -> dict[str, Any]:
    """Agree to an erasure that another person asked for, and carry it out; its certificate.

    One that is under way goes on. Raises ``LeavingProblem``.
    """
    with reading.owner(slug) as connection:
        kommun = _closed(connection, slug)
        erasure = _under_way(connection, kommun.id)
        if erasure is None:
            return _certificate_of(connection, kommun)
        if erasure.state == "requested":
            erasure = _agreed(connection, kommun, erasure, by)
        # From here on there is no way back: what is sealed opens nowhere, in no backup either.
        _shred(kommun.id)
        _rows(connection, kommun.id, erasure, progress)
        dropped = broker.drop(kommun.id)
        with connection.transaction():
            made = certificate.made(connection, kommun, erasure.id, dropped)
            connection.execute(
                "UPDATE tenant_erasures SET state = 'done', ended_at = now(), certificate = %s,"
                " certificate_sha256 = %s WHERE id = %s",
                [Jsonb(made), certificate.digest(made), erasure.id],
            )
        return made


def _closed(connection: Connection, slug: str) -> Registered:
    kommun = reading.registered(connection, slug)
    if kommun.status != "closed":
        raise LeavingProblem(
            f"{slug} is {kommun.status}: only a kommun that is closed is erased (hemvist tenant close {slug})"
        )
    return kommun


def _under_way(connection: Connection, tenant_id: UUID) -> Erasure | None:
    found = connection.execute(
        "SELECT id, state, requested_by, not_before, before FROM tenant_erasures"
        " WHERE kommun_id = %s AND state IN ('requested', 'running')",
        [tenant_id],
    ).fetchone()
    return None if found is None else Erasure(*found)


def _agreed(connection: Connection, kommun: Registered, erasure: Erasure, by: str) -> Erasure:
    """Another person has agreed: how much there is is counted once, and the log says its last word."""
    with connection.transaction():
        reading.within(connection, kommun.id)
        before = {
            "rows": {table: n for table, n in reading.counted(connection, kommun.id).items() if n},
            "log": certificate.log(connection, kommun.id),
        }
        try:
            connection.execute(
                "UPDATE tenant_erasures SET state = 'running', confirmed_by = %s, confirmed_at = now(),"
                " before = %s WHERE id = %s",
                [by.strip(), Jsonb(before), erasure.id],
            )
        except psycopg.errors.CheckViolation as refused:
            raise LeavingProblem(_refused(refused, erasure)) from None
    return erasure._replace(state="running", before=before)


def _refused(refused: psycopg.errors.CheckViolation, erasure: Erasure) -> str:
    if (refused.diag.constraint_name or "").endswith("second_person"):
        return f"{erasure.requested_by} has asked for it: another person has to agree"
    return f"it may be agreed to from {erasure.not_before:%Y-%m-%d %H:%M} UTC on"


def _shred(tenant_id: UUID) -> None:
    folder = key_folder()
    file = folder.read(tenant_id)
    if file is None or file.erased is None:
        folder.erase(tenant_id)
    forget_keys()
    lists = get_settings().thinned_dir
    for path in () if lists is None else lists.glob("thinned-*.json"):
        # Sealed with what is gone now: it would only stand in the way of the others' after a restore.
        if json.loads(path.read_text("utf-8"))["tenant"] == str(tenant_id):
            path.unlink()


def _rows(connection: Connection, tenant_id: UUID, erasure: Erasure, progress: Progress) -> None:
    before = (erasure.before or {}).get("rows", {})
    total, done = sum(before.values()), 0
    for sheet in reversed(sheets()):
        for gone in _emptied(connection, sheet, tenant_id):
            progress(sheet.name, min(done + gone, total), total)
        done += before.get(sheet.name, 0)


def _emptied(connection: Connection, sheet: Sheet, tenant_id: UUID) -> Any:
    name = sql.Identifier(sheet.name)
    some = sql.SQL(
        ""
        if sheet.points_at_itself
        else " AND id = ANY(ARRAY("
        "SELECT id FROM {} WHERE tenant_id = %(tenant)s ORDER BY id LIMIT %(batch)s))"
    ).format(name)
    gone = 0
    while True:
        with connection.transaction():
            reading.within(connection, tenant_id)
            number = connection.execute(
                sql.SQL("DELETE FROM {} WHERE tenant_id = %(tenant)s{}").format(name, some),
                {"tenant": tenant_id, "batch": BATCH},
            ).rowcount
        gone += number
        yield gone
        if sheet.points_at_itself or number < BATCH:
            return


def _certificate_of(connection: Connection, kommun: Registered) -> dict[str, Any]:
    """Of the last erasure: asked once more, it says the same again."""
    found = connection.execute(
        "SELECT certificate FROM tenant_erasures WHERE kommun_id = %s AND state = 'done'"
        " ORDER BY ended_at DESC LIMIT 1",
        [kommun.id],
    ).fetchone()
    with connection.transaction():
        reading.within(connection, kommun.id)
        left = any(reading.counted(connection, kommun.id).values())
    if found is None or left:
        raise LeavingProblem(
            f"nobody has asked for the erasure of {kommun.slug}: hemvist tenant erase {kommun.slug} --by NAME"
            " --because TEXT"
        )
    said: dict[str, Any] = json.loads(json.dumps(found[0]))
    return said
