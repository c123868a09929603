"""Taking a base backup: a copy of the whole server by ``pg_basebackup``, sealed as it comes."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from hemvist.clock import real_now
from hemvist_infra.backups import counting
from hemvist_infra.backups.boxes import Box, Closed, fingerprint
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.programs import connection, program
from hemvist_infra.backups.receiving import SLOT
from hemvist_infra.backups.store import Base, Store
from hemvist_infra.backups.wal import parse_place

_CHUNK = 1 << 20
#: PostgreSQL's own manifest is the last file of the archive, and what it needs of the log the last of that.
_TAIL = 1 << 16
_RANGE = re.compile(
    rb'"Timeline": (\d+), "Start-LSN": "([0-9A-F]+/[0-9A-F]+)", "End-LSN": "([0-9A-F]+/[0-9A-F]+)"'
)
#: Rows made in the last minutes may belong to transactions that are still open: they are not counted.
SLACK = timedelta(minutes=3)
_ABOUT = """
SELECT current_setting('server_version_num')::int,
       pg_size_bytes(current_setting('wal_segment_size'))::bigint,
       (SELECT system_identifier::text FROM pg_control_system()),
       current_database(),
       (SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1),
       (SELECT version_num FROM alembic_version),
       (SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s)
"""


def take(
    store: Store,
    url: str,
    public: X25519PublicKey,
    *,
    patience: float = 120.0,
    slack: timedelta = SLACK,
) -> Base:
    """Take a base backup of the server at ``url``, and wait until the log has come that it needs.

    ``patience`` is how many seconds are waited for that. Raises ``BackupProblem``; nothing of a base backup
    that did not succeed is taken for one.
    """
    store.make()
    about = _about(url)
    started = real_now()
    base_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    store.base_folder(base_id).mkdir(mode=0o700)
    try:
        closed, tail = _copy(store, url, base_id, public)
        ranges = _RANGE.findall(tail)
        if len(ranges) != 1:
            raise BackupProblem("pg_basebackup did not tell what of the log its copy needs")
        timeline, start, end = (part.decode() for part in ranges[0])
        before = real_now() - slack
        base = Base(
            id=base_id,
            started_at=started.isoformat(),
            ended_at=real_now().isoformat(),
            start=start,
            end=end,
            timeline=int(timeline),
            key=fingerprint(public),
            size=closed.size,
            sha256=closed.sha256,
            counted_before=before.isoformat(),
            rows=_count(url, before),
            **about,
        )
        _wait_for_log(store, base, patience)
        store.keep_base(base)
    except BaseException:
        shutil.rmtree(store.base_folder(base_id), ignore_errors=True)
        raise
    return base


def _about(url: str) -> dict[str, Any]:
    with _connected(url) as asked:
        found = asked.execute(_ABOUT, [SLOT]).fetchone()
    assert found is not None
    version, size, system, database, superuser, revision, slots = found
    if not slots:
        raise BackupProblem(
            "nobody receives the log: start `hemvist backup archive` first, and leave it running"
        )
    return {
        "server_version": version,
        "segment_bytes": size,
        "system": system,
        "database": database,
        "superuser": superuser,
        "revision": revision,
    }


def _count(url: str, before: datetime) -> dict[str, int]:
    with _connected(url) as asked:
        return counting.rows(asked, before)


def _connected(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as away:
        raise BackupProblem(str(away).strip().splitlines()[0]) from None


def _copy(store: Store, url: str, base_id: str, public: X25519PublicKey) -> tuple[Closed, bytes]:
    target, environment = connection(url)
    path, name = store.data_of(base_id)
    options = ["-D", "-", "-F", "tar", "-X", "none", "--checkpoint=fast"]
    command: list[str | Path] = [program("pg_basebackup"), "-d", target, "--no-password", *options]
    box = Box(path, name, public)
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's program, as a list
            [*command, "--manifest-checksums=SHA256"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            env=environment,
        )
        try:
            tail = _sealed(process, box)
            if process.wait() != 0:
                told.seek(0)
                lines = told.read().decode(errors="replace").strip().splitlines()
                raise BackupProblem(f"pg_basebackup failed: {(lines or ['no reason told'])[-1]}")
            return box.close(), tail
        except BaseException:
            box.drop()
            process.kill()
            process.wait()
            raise


def _sealed(process: subprocess.Popen[bytes], box: Box) -> bytes:
    """Seal what the process writes; returns the last of it."""
    tail = b""
    assert process.stdout is not None
    with process.stdout as source:
        while content := source.read(_CHUNK):
            box.write(content)
            tail = (tail + content)[-_TAIL:]
    return tail


def _wait_for_log(store: Store, base: Base, patience: float) -> None:
    """Until the folder has what the base backup needs of the log; without it, it is no backup."""
    limit, end = time.monotonic() + patience, parse_place(base.end)
    while True:
        received = store.received()
        if (
            received is not None
            and received.timeline == base.timeline
            and parse_place(received.place) >= end
        ):
            break
        if time.monotonic() > limit:
            raise BackupProblem(
                f"the log up to {base.end} has not come in {patience:.0f} s: is `hemvist backup"
                " archive` running, into this folder?"
            )
        time.sleep(0.2)
    wrong = list(store.findings(base))
    # The manifest is not there yet, the rest has to be.
    if wrong:
        raise BackupProblem(f"the backup is not whole: {wrong[0]}")
