"""Thinning a restored backup anew: what was thinned since it was taken does not come back with it.

The folder beside the backups says what two people agreed on then (``hemvist.retention.references``). Each
case is judged once more, and the database holds the repetition to the same two people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import MetaData, select
from sqlalchemy.exc import IntegrityError

from hemvist import audit
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.db import Audience
from hemvist.errors import HemvistError
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.retention import certificate, deleting, running
from hemvist.retention.models import UNDER_WAY, ThinningItem, ThinningRun
from hemvist.retention.references import read_all, unsealed
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist.tenancy.keys import SealBroken


@dataclass(frozen=True, slots=True)
class Repeated:
    """What became of one thinning in a restored backup: cases that went now, that were not there any
    more, and that were left, with how many for which reason."""

    tenant_id: UUID
    run_id: UUID
    thinned: int
    gone_already: int
    left: Mapping[str, int]


def repeat(folder: Path, metadata: MetaData) -> list[Repeated]:
    """Thin anew what the documents in ``folder`` say was thinned, in every kommun; what became of each.

    Done twice, or killed and done again, it comes to the same. Raises ``HemvistError`` for a document
    that is none, is not as it was written, or is of a kommun that is not here.
    """
    try:
        documents = read_all(folder)
    except ValueError as broken:
        raise HemvistError(f"{broken}: not a list of what was thinned") from None
    return [_repeat(said, metadata) for said in documents]


def _repeat(said: Mapping[str, Any], metadata: MetaData) -> Repeated:
    try:
        return _repeated(said, metadata)
    except SealBroken:
        raise HemvistError(f"{said['run']}: it does not open with the kommun's keys") from None


def _repeated(said: Mapping[str, Any], metadata: MetaData) -> Repeated:
    tenant_id, run_id = UUID(said["tenant"]), UUID(said["run"])
    with tenant_session(Audience.WORKER, tenant_id) as session:
        if session.get(Tenant, tenant_id) is None:
            raise HemvistError(f"{run_id}: its kommun is not here")
    proof = unsealed(tenant_id, said["certificate"])
    if certificate.digest(proof) != said["certificate_sha256"] or proof["run"] != said["run"]:
        raise HemvistError(f"{run_id}: the certificate is not as it was written")
    taken = [one for one in said["cases"] if not one["left_because"]]
    if {one["number_sha256"] for one in taken} != {
        one["number_sha256"] for one in proof["cases"]
    } or len(taken) != len(proof["cases"]):
        raise HemvistError(f"{run_id}: the list is not what the certificate says")
    people = {act: _person(tenant_id, said[act]) for act in ("proposed", "approved")}
    on = date.fromisoformat(said["judged_on"])
    with tenant_session(Audience.WORKER, tenant_id) as session:
        _set_up(session, said, people, on)
        items = {one["case_id"]: _item(session, run_id, one) for one in said["cases"]}
    found = {"thinned": 0, "gone": 0}
    left: dict[str, int] = {}
    for one in taken:
        became = _anew(tenant_id, items[one["case_id"]], one, on, metadata)
        if became in found:
            found[became] += 1
        else:
            left[became] = left.get(became, 0) + 1
    _end(tenant_id, said, proof, on, found["thinned"], left)
    return Repeated(tenant_id, run_id, found["thinned"], found["gone"], left)


def _person(tenant_id: UUID, act: Mapping[str, Any]) -> UUID:
    """Who did it, as the restored kommun knows them; made known where they came after the backup."""
    who = unsealed(tenant_id, act["who"])
    with tenant_session(Audience.STAFF, tenant_id) as session:
        known = session.scalar(
            select(Principal.id).where(
                Principal.issuer == who["issuer"], Principal.subject == who["subject"]
            )
        )
        if known is None:
            known = UUID(act["by"])
            session.add(Principal(id=known, created_at=now(), **who))
    return known


def _set_up(
    session: TenantSession, said: Mapping[str, Any], people: Mapping[str, UUID], on: date
) -> None:
    """The run as it stood when it was carried out. What was under way then was withdrawn, or ended before:
    there is never more than one."""
    run_id = UUID(said["run"])
    others = session.scalars(
        select(ThinningRun).where(ThinningRun.state.in_(UNDER_WAY), ThinningRun.id != run_id)
    ).all()
    for other in others:
        if other.approved_by is not None:
            raise HemvistError(f"{other.id}: a thinning was under way, and its list is missing")
        other.state, other.ended_at = "withdrawn", now()
    session.flush()
    run = session.get(ThinningRun, (session.tenant_id, run_id), with_for_update=True)
    if run is None:
        run = ThinningRun(id=run_id, proposed_at=datetime.fromisoformat(said["proposed"]["at"]))
        run.proposed_by = people["proposed"]
        session.add(run)
    elif run.state == "done" and not _here(session, said):
        return
    # Taken up again where it ended with cases left.
    run.certificate = run.certificate_sha256 = None
    run.state, run.on_day, run.stirred_at = "running", on, now()
    run.approved_by = people["approved"]
    run.approved_at = datetime.fromisoformat(said["approved"]["at"])
    run.gathered_to = None
    run.cases_total = len(said["cases"])
    session.flush()


def _here(session: TenantSession, said: Mapping[str, Any]) -> bool:
    """Whether a case is there that the thinning took."""
    taken = [UUID(one["case_id"]) for one in said["cases"] if not one["left_because"]]
    return session.scalar(select(Case.id).where(Case.id.in_(taken)).limit(1)) is not None


def _item(session: TenantSession, run_id: UUID, one: Mapping[str, Any]) -> UUID:
    """The item of a case, made where the backup does not have it."""
    case_id = UUID(one["case_id"])
    item = session.scalar(
        select(ThinningItem).where(ThinningItem.run_id == run_id, ThinningItem.case_id == case_id)
    )
    if item is None:
        item = ThinningItem(
            run_id=run_id,
            case_id=case_id,
            department=one["department"],
            number_hash=one["number_sha256"],
            rule=one["rule"],
            due_on=date.fromisoformat(one["due_on"]),
            done_by=date.fromisoformat(one["done_by"]),
        )
        session.add(item)
    if one["left_because"] and item.state != "thinned":
        item.state, item.left_because = "left", one["left_because"]
    session.flush()
    return item.id


def _anew(
    tenant_id: UUID, item_id: UUID, one: Mapping[str, Any], on: date, metadata: MetaData
) -> str:
    """Thin one case if it is there; ``thinned``, ``gone``, or why it is left."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        item = session.find(ThinningItem, item_id)
        case = session.get(Case, (tenant_id, item.case_id))
        if case is None:
            if item.state != "thinned":
                item.state, item.left_because, item.thinned_at = "thinned", "", now()
                item.reference = unsealed(tenant_id, one["sealed"])
            return "gone"
        # The ids stand in clear in the list; the hash is the certificate's.
        same = certificate.number_hash(tenant_id, case.number) == one["number_sha256"]
        because = running.in_the_way(session, case, on) if same else "other_case"
        if because is not None:
            item.state, item.left_because = "left", because
            return because
        item.state, item.left_because = "waiting", ""
    try:
        running.take(tenant_id, item_id, on, metadata, unsealed(tenant_id, one["sealed"]))
    except (IntegrityError, psycopg.IntegrityError):
        with tenant_session(Audience.WORKER, tenant_id) as session:
            item = session.find(ThinningItem, item_id)
            item.state, item.left_because = "left", "in_use"
        return "in_use"
    return "thinned"


def _end(
    tenant_id: UUID,
    said: Mapping[str, Any],
    proof: dict[str, Any],
    on: date,
    thinned: int,
    left: Mapping[str, int],
) -> None:
    """What goes by its own age, and the certificate of then. Where a case is left, doing it again takes the
    run up again."""
    with tenant_session(Audience.THINNING, tenant_id) as session:
        deleting.delete_aged(session, running.aged_before(on))
    with tenant_session(Audience.WORKER, tenant_id) as session:
        run = session.get_one(ThinningRun, (tenant_id, UUID(said["run"])), with_for_update=True)
        if thinned or run.state != "done":
            audit.record(
                session,
                Actor.system(tenant_id),
                "retention.repeat",
                subject_type="thinning_run",
                subject_id=run.id,
                details={"thinned": thinned, "left": sum(left.values())},
            )
        if run.state == "done":
            return
        run.certificate, run.certificate_sha256 = proof, said["certificate_sha256"]
        run.backups_until = date.fromisoformat(said["until"])
        run.ended_at = datetime.fromisoformat(said["ended"])
        run.cases_done, run.state = run.cases_total, "done"
