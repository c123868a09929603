"""What a thinning took, written out to be kept beside the backups: from it a restored backup is thinned
anew (``hemvist.retention.repeating``).

Ids, days, rules and hashes stand in clear; the cases' numbers and the two people are sealed with the
kommun's keys.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity.models import Principal
from hemvist.retention.models import ThinningItem, ThinningRun
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.tenancy.keys import tenant_keys

#: Raised when the document's form changes.
FORMAT = 2
#: What people and numbers are sealed for.
SEALED_FOR = "thinning_items.reference"


def document(session: TenantSession, run: ThinningRun) -> dict[str, Any]:
    """What a run took, as it is kept beside the backups."""
    items = session.scalars(
        select(ThinningItem)
        .where(ThinningItem.run_id == run.id, ThinningItem.state != "waiting")
        .order_by(ThinningItem.id)
    ).all()
    return {
        "format": FORMAT,
        "tenant": str(session.tenant_id),
        "run": str(run.id),
        "judged_on": run.on_day.isoformat(),
        "until": None if run.backups_until is None else run.backups_until.isoformat(),
        "proposed": _act(session, run.proposed_by, run.proposed_at.isoformat()),
        "approved": _act(
            session,
            run.approved_by,
            None if run.approved_at is None else run.approved_at.isoformat(),
        ),
        "ended": None if run.ended_at is None else run.ended_at.isoformat(),
        "certificate": None if run.certificate is None else _sealed(session, run.certificate),
        "certificate_sha256": run.certificate_sha256,
        "cases": [
            _case(one) for one in items if one.state == "left" or one.reference_sealed is not None
        ],
    }


def write_every(tenant_id: UUID, folder: Path) -> list[Path]:
    """Write a file for each thinning of the kommun that a backup may still hold; the files. What is there
    already is written anew, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        runs = session.scalars(
            select(ThinningRun).where(
                ThinningRun.state == "done", ThinningRun.backups_until >= today()
            )
        ).all()
        documents = {one.id: document(session, one) for one in runs}
    return [written(folder / f"thinned-{run_id}.json", said) for run_id, said in documents.items()]


def keep_beside(tenant_id: UUID) -> None:
    """Keep the kommun's lists in the folder that ``HEMVIST_THINNED_DIR`` names; those that no backup needs
    any more go."""
    folder = get_settings().thinned_dir
    if folder is None:
        return
    kept = set(write_every(tenant_id, folder))
    for path in folder.glob("thinned-*.json"):
        # Of its own kommun only: the others' are looked after with them.
        if path not in kept and json.loads(path.read_text("utf-8"))["tenant"] == str(tenant_id):
            path.unlink()


def written(path: Path, said: dict[str, Any]) -> Path:
    """The document in its file. A reader finds the old file or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    beside.replace(path)
    return path


def read_all(folder: Path) -> Sequence[dict[str, Any]]:
    """The documents of a folder in the order in which they were carried out.

    Raises ``ValueError`` (with the file's name) for one that is none, or of another form.
    """
    found = []
    for path in sorted(folder.glob("thinned-*.json")):
        try:
            said = json.loads(path.read_text("utf-8"))
            known = said["format"] == FORMAT and bool(said["ended"])
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise ValueError(path.name)
        found.append(said)
    return sorted(found, key=lambda one: str(one["ended"]))


def unsealed(tenant_id: UUID, sealed: str) -> dict[str, Any]:
    """What was sealed in a document. Raises ``SealBroken`` without the kommun's keys."""
    clear = tenant_keys(tenant_id).open(SEALED_FOR, base64.b64decode(sealed))
    said = json.loads(clear)
    assert isinstance(said, dict)
    return said


def _sealed(session: TenantSession, said: dict[str, Any]) -> str:
    clear = json.dumps(said, ensure_ascii=False)
    return base64.b64encode(tenant_keys(session.tenant_id).seal(SEALED_FOR, clear)).decode()


def _act(session: TenantSession, principal_id: UUID | None, at: str | None) -> dict[str, Any]:
    if principal_id is None:
        return {"by": None, "who": None, "at": at}
    who = session.find(Principal, principal_id)
    told = {
        "issuer": who.issuer,
        "subject": who.subject,
        "kind": who.kind,
        "display_name": who.display_name,
    }
    return {"by": str(principal_id), "who": _sealed(session, told), "at": at}


def _case(item: ThinningItem) -> dict[str, Any]:
    sealed = item.reference_sealed
    return {
        "case_id": str(item.case_id),
        "number_sha256": item.number_hash,
        "department": item.department,
        "rule": item.rule,
        "due_on": item.due_on.isoformat(),
        "done_by": item.done_by.isoformat(),
        "left_because": item.left_because,
        "sealed": None if sealed is None else base64.b64encode(bytes(sealed)).decode(),
    }
