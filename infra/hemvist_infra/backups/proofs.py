"""What is asked of a restored database before anybody says that a backup is one.

Each proof gives what it found, a line each, and nothing where all is well. ``connection`` is a superuser's on
the restored database; the others work as Hemvist itself does, on the database that it is pointed at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from hemvist.audit import anchors, verifying
from hemvist.db import Audience, TimeLimits
from hemvist.migrations import tables  # noqa: F401  (every table is declared)
from hemvist.tenancy import Base as Tables
from hemvist.tenancy import key_making, tenant_session
from hemvist.tenancy.key_folder import KeysErased, KeysMissing, key_folder
from hemvist.tenancy.keys import SealBroken, tenant_keys
from hemvist.tenancy.sealed import sealed_columns
from hemvist_infra import catalogue
from hemvist_infra.backups import counting
from hemvist_infra.backups.store import Base
from hemvist_infra.database import administrator_url, migrating_connection
from hemvist_infra.soundness import commands, ledgers
from hemvist_infra.soundness.report import Report

#: More of one kind are counted, not told.
_MOST = 20
_NO_LIMIT = TimeLimits(0, 0, 0)
#: An anchor is made a moment before it is committed.
_UNDER_WAY = timedelta(seconds=5)


def registered(connection: psycopg.Connection) -> dict[UUID, str]:
    """Everyone in the restored register: id and slug."""
    rows = connection.execute("SELECT id, slug FROM tenants ORDER BY slug").fetchall()
    connection.rollback()
    return dict(rows)


def revision(connection: psycopg.Connection, base: Base) -> Iterator[str]:
    """Whether the tables are those of the version that was backed up, or of a later one."""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.rollback()
    if row is None or row[0] < base.revision:
        yield f"migrations end at {None if row is None else row[0]}; the backup had {base.revision}"


def counts(connection: psycopg.Connection, base: Base, told: list[str]) -> Iterator[str]:
    """Rows by table against those that the base backup counted; ``told`` gets what is no finding."""
    before = datetime.fromisoformat(base.counted_before)
    here = counting.rows(connection, before)
    yield from fewer(base.rows, here, connection, before, told)


def fewer(
    wanted: Mapping[str, int],
    here: Mapping[str, int],
    connection: psycopg.Connection,
    since: datetime,
    told: list[str],
) -> Iterator[str]:
    """Tables that have lost rows, but for those that may and for what a thinning took since."""
    shrinking, thinned = counting.shrinking(connection), counting.thinned(connection, since)
    for name, count in sorted(wanted.items()):
        if name not in here:
            yield f"table {name} is not there"
        elif here[name] < count - thinned[name]:
            line = f"{name}: {here[name]} rows, {count} were there"
            if name in shrinking:
                told.append(f"{line} (what is done with is removed from it)")
            else:
                yield line


def keys(connection: psycopg.Connection, everyone: Mapping[UUID, str]) -> Iterator[str]:
    """Whether every kommun's keys are here and open what came back: a value of each sealed column."""
    folder = key_folder()
    try:
        folder.masters()
    except KeysMissing as missing:
        yield f"KEYS ARE MISSING: {missing}. Nothing that is sealed can be read"
        return
    for tenant_id, slug in everyone.items():
        try:
            file = folder.read(tenant_id)
            if file is None:
                # Who never had anything to seal or to log may never have been given keys.
                if _sealed(connection, tenant_id):
                    yield f"KEYS ARE MISSING: {slug} has no keys in {folder.path}"
                continue
            if file.erased is None:
                dict(key_making.unwrapped(folder, file))
                yield from _values(connection, tenant_id, slug)
        except KeysErased:
            continue
        except KeysMissing as missing:
            yield f"KEYS ARE MISSING: {slug}: {missing}"


def _values(connection: psycopg.Connection, tenant_id: UUID, slug: str) -> Iterator[str]:
    own = tenant_keys(tenant_id)
    for place, field, value in _sealed(connection, tenant_id):
        try:
            own.open_bytes(field, value)
        except SealBroken:
            yield f"WRONG KEYS: {slug}: {place} does not open"


def _sealed(connection: psycopg.Connection, tenant_id: UUID) -> list[tuple[str, str, bytes]]:
    """The kommun's newest value of each sealed column: its place, its field and itself."""
    found = []
    for table in Tables.metadata.sorted_tables:
        for name, field in sealed_columns(table):
            query = sql.SQL(
                "SELECT {column} FROM {table} WHERE tenant_id = %s AND {column} IS NOT NULL"
                " ORDER BY id DESC LIMIT 1"
            ).format(column=sql.Identifier(name), table=sql.Identifier(table.name))
            row = connection.execute(query, [tenant_id]).fetchone()
            if row is not None:
                found.append((f"{table.name}.{name}", field, bytes(row[0])))
    connection.rollback()
    return found


def chains(
    everyone: Mapping[UUID, str], file: Path | None, until: datetime, told: list[str]
) -> Iterator[str]:
    """Whether each log is whole, against the anchors outside that were made until ``until``.

    Later ones tell of what was written after the point that was restored.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = None
        if file is None:
            yield "no anchors outside the database: HEMVIST_AUDIT_ANCHOR_FILE is not set"
        elif not file.exists():
            yield f"the anchors outside the database are not at {file}"
        else:
            kept = Path(folder, "anchors.jsonl")
            kept.write_text(_earlier(file, until, told))
        linked = 0
        for tenant_id, slug in everyone.items():
            try:
                # As if it were looked through then: what had not been linked yet never will be.
                report = verifying.verify(tenant_id, kept, until)
            except KeysErased:
                continue
            except KeysMissing:
                yield f"{slug}: the log cannot be looked through without its keys"
                continue
            linked += report.linked
            for finding in report.findings[:_MOST]:
                place = "" if finding.ordinal is None else f" at {finding.ordinal}"
                yield f"log of {slug}: {finding.kind}{place}: {finding.told}"
            if len(report.findings) > _MOST:
                yield f"log of {slug}: and {len(report.findings) - _MOST} more"
        told.append(f"{linked} entries of {len(everyone)} logs are linked")


def _earlier(file: Path, until: datetime, told: list[str]) -> str:
    found, later = [], 0
    for one in anchors.lines(file):
        if isinstance(one, anchors.BrokenLine):
            found.append(f"line {one.number} of {file}")
        elif float(one.made_at) > (until - _UNDER_WAY).timestamp():
            later += 1
        else:
            found.append(one.line)
    if later:
        told.append(f"{later} anchors are from after the point that was restored")
    return "".join(f"{line}\n" for line in found)


def sound(connection: psycopg.Connection, at: datetime, told: list[str]) -> Iterator[str]:
    """Whether what one transaction wrote is all there and ledgers balance, of ``hemvist check``'s questions.

    Its others are about workers that stand still, which a restore does not answer for. ``at`` is the
    moment that was restored.
    """
    tenants = connection.execute("SELECT id, slug, kind FROM tenants ORDER BY slug").fetchall()
    connection.rollback()
    counted = 0
    for tenant_id, slug, kind in tenants:
        report = Report()
        if kind == "network":
            with tenant_session(Audience.EXCHANGE, tenant_id, limits=_NO_LIMIT) as session:
                ledgers.check_moves(session, report, at)
        else:
            with tenant_session(Audience.WORKER, tenant_id, limits=_NO_LIMIT) as session:
                commands.check(session, report, at)
                ledgers.check_guarantees(session, report, at)
        counted += sum(report.counts.values())
        for finding in report.findings[:_MOST]:
            yield f"rows of {slug}: {finding.line}"
        if len(report.findings) > _MOST:
            yield f"rows of {slug}: and {len(report.findings) - _MOST} more"
    told.append(f"{counted} commands, lines of timelines and entries of ledgers hold together")


def declared() -> list[str]:
    """What ``hemvist db check`` finds."""
    with migrating_connection(administrator_url()) as connection:
        return catalogue.problems(connection)
