"""Import of a kommun from an export: into this instance, under keys of its own, to the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist import audit
from hemvist.audit import anchors, linking
from hemvist.audit.anchors import Anchor
from hemvist.db import Audience
from hemvist.identity import Actor
from hemvist.policy import PolicyError, Registry
from hemvist.tenancy import tenant_session
from hemvist.tenancy.key_folder import key_folder
from hemvist.tenancy.keys import forget_keys
from hemvist_infra.leaving import boxing, files, loading, manifest, proving, reading, shared
from hemvist_infra.leaving.checking import checked
from hemvist_infra.leaving.manifest import Manifest
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection
from hemvist_infra.leaving.tables import exported

Progress = Callable[[str, int, int], None]
_ACTION = "tenant.import"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    slug: str
    rows: int
    #: Rows that this run has put in; the rest an earlier one had.
    put: int
    deadlines: int
    replays: dict[str, int]
    #: What is otherwise than in the export; nothing where all is well.
    findings: list[str]
    #: Whether it was here, imported and proved, before: nothing was done.
    already: bool = False


def import_(folder: Path, private: X25519PrivateKey, progress: Progress) -> Imported:
    """Import the export in ``folder``; killed, it goes on when it is given again.

    The kommun stays closed until everything is there and proved the same; then it is suspended, for somebody
    to look at and take up. Raises ``LeavingProblem`` before anything is written where the export is not as it
    was made, or not for this version; and ``BoxBroken`` where the key does not open it.
    """
    said, box = checked(folder, private, progress)
    with reading.owner(said.slug, loading.STAGE) as connection:
        _require_fitting(connection, said)
        with connection.transaction():
            there = shared.bring(connection, said.content(manifest.SHARED))
        # Before the kommun is in the register: whoever finds it there without keys may make some.
        _require_place(connection, said)
        boxing.put_in(key_folder(), said.tenant_id, box)
        forget_keys()
        status = _register(connection, said)
        if status == "suspended":
            # Proved and logged by an earlier run; its log has grown since.
            _require_imported(connection, said)
            return replace(_done(said, 0, []), already=True)
        put = loading.load(connection, said, there, progress)
        _anchors(said)
        findings = _proved(connection, said, there, progress)
        if not findings:
            _log(said)
            connection.execute(
                "UPDATE tenants SET status = 'suspended' WHERE id = %s", [said.tenant_id]
            )
    return _done(said, put, findings)


def _done(said: Manifest, put: int, findings: list[str]) -> Imported:
    return Imported(
        said.slug,
        sum(one["rows"] for one in said.tables.values()),
        put,
        said.said["deadlines"]["open"],
        said.said["replays"]["counts"],
        findings,
    )


def _require_fitting(connection: Connection, said: Manifest) -> None:
    """The export's schema, tables and guidelines are this instance's."""
    here = reading.revision(connection)
    if said.said["schema"] != here:
        raise LeavingProblem(
            f"the export was made at migration {said.said['schema']}, and this database is at {here}:"
            " import it where both are the same, then migrate"
        )
    columns = {
        sheet.name: {field.name: field.type for field in sheet.fields} for sheet in exported()
    }
    if columns != {name: one["columns"] for name, one in said.tables.items()}:
        raise LeavingProblem("the export has other tables than this version of Hemvist")
    registry = Registry.discover()
    for one in said.content(manifest.PACKS):
        if one["installed"]:
            try:
                registry.get(one["pack"], one["version"])
            except PolicyError as missing:
                raise LeavingProblem(
                    f"{missing}; {one['evaluations']} judgements were made by it: install it, it lies in"
                    f" {said.folder / 'packs'}"
                ) from None


def _require_place(connection: Connection, said: Manifest) -> None:
    """No other kommun of its name or code, and none at work."""
    told = said.said["tenant"]
    rows = connection.execute(
        "SELECT CAST(id AS text), slug, kommun_code, status FROM tenants"
        " WHERE id = %(id)s OR slug = %(slug)s OR kommun_code = %(kommun_code)s",
        told,
    ).fetchall()
    for found in rows:
        if found[:3] != (told["id"], told["slug"], told["kommun_code"]):
            raise LeavingProblem(
                f"{found[1]} ({found[2]}) is in the register under another id than the export's: what is"
                " sealed is bound to the id. Import before the kommun's file is entered here"
            )
        if found[3] not in ("closed", "suspended"):
            raise LeavingProblem(f"{said.slug} is {found[3]} here: nothing is imported over it")


def _register(connection: Connection, said: Manifest) -> str:
    """Enter the kommun, closed; its state where it is in the register already."""
    connection.execute(
        "INSERT INTO tenants (id, kommun_code, slug, name, created_at, kind, status, protection_days)"
        " VALUES (%(id)s, %(kommun_code)s, %(slug)s, %(name)s, %(created_at)s, 'kommun', 'closed',"
        " %(protection_days)s) ON CONFLICT (id) DO NOTHING",
        said.said["tenant"],
    )
    ((status,),) = connection.execute(
        "SELECT status FROM tenants WHERE id = %s", [said.tenant_id]
    ).fetchall()
    return str(status)


def _require_imported(connection: Connection, said: Manifest) -> None:
    with connection.transaction():
        reading.within(connection, said.tenant_id)
        found = connection.execute(
            "SELECT FROM audit_entries WHERE tenant_id = %s AND action = %s"
            " AND details->>'exported' = %s",
            [said.tenant_id, _ACTION, _moment(said)],
        ).fetchone()
    if found is None:
        raise LeavingProblem(f"{said.slug} is here already, suspended: nothing is imported over it")


def _anchors(said: Manifest) -> None:
    """The file of anchors outside the database is told of those that the log came with."""
    outside = anchors.anchor_file()
    if outside is None:
        return
    known = {one.line for one in anchors.lines(outside) if isinstance(one, Anchor)}
    missing = [
        one.line
        for one in anchors.lines(said.folder / manifest.ANCHORS)
        if isinstance(one, Anchor) and one.line not in known
    ]
    if missing:
        outside.parent.mkdir(parents=True, exist_ok=True)
        with files.full_disk_told(outside.parent), outside.open("a") as file:
            file.writelines(f"{line}\n" for line in missing)


def _proved(
    connection: Connection, said: Manifest, there: dict[str, str], progress: Progress
) -> list[str]:
    """What is otherwise here than where the export was made, a line each."""
    other = loading.differing(connection, said, said.tenant_id, there)
    if other is not None:
        return [other]
    findings = []
    with connection.transaction():
        reading.within(connection, said.tenant_id)
        deadlines = proving.deadlines(connection, said.tenant_id)
    if deadlines != said.said["deadlines"]:
        findings.append(f"deadlines: {deadlines['open']} run, {said.said['deadlines']['open']} did")
    judged = datetime.fromisoformat(said.said["judged_at"])
    sound = proving.sound(said.tenant_id, judged, copied=True)
    if sound["counts"] != said.said["sound"]["counts"]:
        findings.append(
            f"counts: {_told(sound['counts'])}, not {_told(said.said['sound']['counts'])}"
        )
    findings += [one for one in sound["findings"] if one not in said.said["sound"]["findings"]]
    replays = proving.replays(said.tenant_id, progress)
    if replays != said.said["replays"]:
        findings.append(
            f"judged anew: {_told(replays['counts'])}, not {_told(said.said['replays']['counts'])}"
        )
    return findings


def _told(counts: dict[str, Any]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items()) or "nothing"


def _moment(said: Manifest) -> str:
    return str(said.said["made_at"])[:19]


def _log(said: Manifest) -> None:
    """The kommun's log goes on here, and says since when."""
    with tenant_session(Audience.WORKER, said.tenant_id) as session:
        audit.record(
            session,
            Actor.system(said.tenant_id),
            _ACTION,
            details={"exported": _moment(said)},
        )
    linking.link(said.tenant_id, None)
    linking.anchor(said.tenant_id, now=True)
    outside = anchors.anchor_file()
    if outside is not None:
        anchors.carry_out(said.tenant_id, outside)
