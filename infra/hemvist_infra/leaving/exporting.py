"""Export of a kommun: a folder that another instance imports, and that the kommun can read itself.

Every row is of one moment: one transaction reads them all (REPEATABLE READ). An export that was killed is
given again: what lies there is compared with the new moment, row by row, and kept where it is the same. So
the export is of one moment all the same, and little is written twice.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

import hemvist_tenants
from hemvist import audit
from hemvist.audit import anchors, linking
from hemvist.clock import now, real_now
from hemvist.db import Audience
from hemvist.identity import Actor
from hemvist.policy import PolicyError, Registry
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist.tenancy.key_folder import key_folder
from hemvist_infra.backups import boxes
from hemvist_infra.leaving import boxing, files, manifest, proving, reading, shared
from hemvist_infra.leaving.files import Lines
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection, Registered
from hemvist_infra.leaving.tables import LEFT_OUT, Sheet, exported, sheets

#: Told how much of what is done, in rows.
Progress = Callable[[str, int, int], None]
_PROGRESS = "progress.json"
_EVERY = 2000
_PACKS = """
SELECT pack, pack_version, pack_hash, count(*) FROM evaluations WHERE tenant_id = %s
 GROUP BY pack, pack_version, pack_hash ORDER BY pack, pack_version, pack_hash
"""


def export(slug: str, folder: Path, to: X25519PublicKey, progress: Progress) -> Path:
    """Export the kommun into ``folder`` and return the manifest's place.

    The kommun must be suspended: its people and workers stand still, so that what is judged of the rows is
    of the same moment as the rows. Raises ``LeavingProblem``, also where the folder holds something else.
    """
    with files.full_disk_told(folder), reading.owner(slug) as connection:
        kommun = reading.registered(connection, slug)
        if kommun.status not in ("suspended", "closed"):
            raise LeavingProblem(
                f"{slug} is {kommun.status}: suspend it first, with: hemvist tenant suspend {slug}"
            )
        written = _begun(folder, kommun)
        _log(kommun, to)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            reading.within(connection, kommun.id)
            said = _head(connection, kommun, to)
            said["tables"] = _tables(connection, kommun, folder, written, progress)
            said["files"] = [
                _file(folder, manifest.SHARED, shared.gathered(connection, kommun.id)),
                _file(folder, manifest.PACKS, _packs(connection, kommun.id, folder)),
                _anchors(folder, kommun.id),
                *_pack_files(folder),
                *_configuration(folder, kommun.slug),
            ]
            said["deadlines"] = proving.deadlines(connection, kommun.id)
        judged = now()
        said["judged_at"] = judged.isoformat()
        said["sound"] = proving.sound(kommun.id, judged)
        said["replays"] = proving.replays(kommun.id, progress)
        said["ended_at"] = real_now().isoformat()
        digest = manifest.write(folder, said)
        boxing.close(folder, key_folder(), kommun.id, digest, to)
        (folder / _PROGRESS).unlink(missing_ok=True)
        return folder / manifest.NAME


def finished_table(folder: Path, written: dict[str, Any]) -> None:
    """Note how far the export has come, so that one that is killed goes on there."""
    files.put(folder / _PROGRESS, json.dumps(written, indent=1).encode())


def _begun(folder: Path, kommun: Registered) -> dict[str, Any]:
    """What an export that was stopped has left in the folder."""
    if (folder / manifest.NAME).exists() and (folder / manifest.KEYS).exists():
        raise LeavingProblem(f"{folder} holds a finished export: choose another folder")
    try:
        written: dict[str, Any] = json.loads((folder / _PROGRESS).read_bytes())
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise LeavingProblem(f"{folder} is not empty, and what is in it is no export") from None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = {"tenant": str(kommun.id), "tables": {}}
        finished_table(folder, written)
        return written
    if written["tenant"] != str(kommun.id):
        raise LeavingProblem(f"{folder} holds the beginning of another kommun's export")
    return written


def _log(kommun: Registered, to: X25519PublicKey) -> None:
    """The kommun's log says that everything was read, and for which key; then nothing of it waits."""
    with tenant_session(Audience.WORKER, kommun.id) as session:
        audit.record(
            session,
            Actor.system(kommun.id),
            "tenant.export",
            kind="read",
            details={"to": boxes.fingerprint(to)},
        )
    linking.link(kommun.id, None)
    linking.anchor(kommun.id, now=True)
    outside = anchors.anchor_file()
    if outside is not None:
        anchors.carry_out(kommun.id, outside)


def _head(connection: Connection, kommun: Registered, to: X25519PublicKey) -> dict[str, Any]:
    left = [
        {
            "table": table,
            "rows": reading.count(connection, sheet, kommun.id),
            "because": LEFT_OUT[table],
        }
        for sheet in sheets()
        if (table := sheet.name) in LEFT_OUT
    ]
    return {
        "format": manifest.FORMAT,
        "made_at": real_now().isoformat(),
        "schema": reading.revision(connection),
        "tenant": {
            "id": str(kommun.id),
            "slug": kommun.slug,
            "kommun_code": kommun.kommun_code,
            "name": kommun.name,
            "created_at": kommun.created_at,
            "protection_days": kommun.protection_days,
        },
        "sealed_to": boxes.fingerprint(to),
        "left_out": left,
    }


def _tables(
    connection: Connection,
    kommun: Registered,
    folder: Path,
    written: dict[str, Any],
    progress: Progress,
) -> list[dict[str, Any]]:
    total = sum(reading.count(connection, sheet, kommun.id) for sheet in exported())
    done = 0

    def told(sheet: Sheet, more: int) -> None:
        progress(sheet.name, done + more, total)

    for number, sheet in enumerate(exported(), 1):
        path = folder / "tables" / f"{number:03}-{sheet.name}.ndjson"
        known = written["tables"].get(sheet.name)
        if known is None or not _stands(connection, sheet, kommun.id, folder, known):
            known = _written(connection, sheet, kommun.id, path, told)
            written["tables"][sheet.name] = known
            finished_table(folder, written)
        done += known["rows"]
        told(sheet, 0)
    return [written["tables"][sheet.name] for sheet in exported()]


def _written(
    connection: Connection,
    sheet: Sheet,
    tenant_id: UUID,
    path: Path,
    told: Callable[[Sheet, int], None],
) -> dict[str, Any]:
    folder = path.parent.parent
    if sheet.files:
        # Of rows that are gone since an export was killed.
        shutil.rmtree(folder / "files" / sheet.name, ignore_errors=True)
    drawn = Lines(path)
    try:
        for row in reading.rows(connection, sheet, tenant_id, files=True):
            drawn.add(row.line)
            if row.files:
                said = json.loads(row.line)
                for name, content in row.files.items():
                    files.put(folder / said[name]["file"], content)
            if drawn.count % _EVERY == 0:
                told(sheet, drawn.count)
        closed = drawn.close()
    except BaseException:
        drawn.drop()
        raise
    return {
        "table": sheet.name,
        "file": path.relative_to(folder).as_posix(),
        **closed,
        "columns": {one.name: one.type for one in sheet.fields},
        "sealed": {one.name: one.sealed for one in sheet.fields if one.sealed},
        "files": [one.name for one in sheet.files],
    }


def _stands(
    connection: Connection, sheet: Sheet, tenant_id: UUID, folder: Path, known: dict[str, Any]
) -> bool:
    """Whether what an export that was killed has written is what there is now, to the last byte."""
    path = folder / str(known["file"])
    try:
        files.require(path, known["sha256"])
        files.require(files.sums_of(path), known["sums_sha256"])
    except LeavingProblem:
        return False
    now = hashlib.sha256()
    for row in reading.rows(connection, sheet, tenant_id):
        now.update(row.line)
        if sheet.files:
            said = json.loads(row.line)
            for one in sheet.files:
                if said[one.name] and not _is_there(folder, said[one.name]):
                    return False
    return bool(now.hexdigest() == known["sha256"])


def _is_there(folder: Path, said: dict[str, Any]) -> bool:
    path = folder / str(said["file"])
    return path.is_file() and files.sha256(path) == str(said["sha256"])


def _packs(connection: Connection, tenant_id: UUID, folder: Path) -> list[dict[str, Any]]:
    """The versions of guidelines that anything was judged by, their files written beside."""
    registry = Registry.discover()
    found = []
    for pack, version, digest, count in connection.execute(_PACKS, [tenant_id]).fetchall():
        try:
            texts = registry.files(pack, version)
        except PolicyError:
            texts = {}
        for name, text in texts.items():
            files.put(folder / "packs" / pack / version / name, text.encode())
        # One that is not installed is the kommun's own: it stands in its rows.
        found.append(
            {
                "pack": pack,
                "version": version,
                "sha256": digest,
                "evaluations": count,
                "installed": bool(texts),
            }
        )
    return found


def _pack_files(folder: Path) -> list[dict[str, Any]]:
    return [
        {"file": path.relative_to(folder).as_posix(), "sha256": files.sha256(path)}
        for path in sorted((folder / "packs").rglob("*.yaml"))
    ]


def _configuration(folder: Path, slug: str) -> list[dict[str, Any]]:
    """The kommun's own file, where there is one: who logs in by whom, what its letters look like."""
    place = get_settings().tenants_dir or Path(hemvist_tenants.__file__).parent
    found = place / f"{slug}.toml"
    if not found.is_file():
        return []
    digest = files.put(folder / manifest.CONFIGURATION, found.read_bytes())
    return [{"file": manifest.CONFIGURATION, "sha256": digest}]


def _anchors(folder: Path, tenant_id: UUID) -> dict[str, Any]:
    """The anchors of the kommun's log as they are told outside the database."""
    text = "".join(f"{one.line}\n" for one in anchors.in_database(tenant_id))
    digest = files.put(folder / manifest.ANCHORS, text.encode())
    return {"file": manifest.ANCHORS, "sha256": digest}


def _file(folder: Path, name: str, said: Any) -> dict[str, Any]:
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    return {"file": name, "sha256": files.put(folder / name, text.encode())}
