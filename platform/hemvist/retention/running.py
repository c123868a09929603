"""The worker's side of a thinning: step by step, each step a transaction of its own.

A case goes in one transaction, with its line in the log and the mark that it is gone: a worker that is
killed has thinned it whole or not at all, and the next one goes on with what waits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import MetaData, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from hemvist import audit
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.households.models import Household
from hemvist.identity import Actor
from hemvist.policy import add_months
from hemvist.retention import certificate, deleting, vouchers
from hemvist.retention.dates import Fate, Verdict
from hemvist.retention.models import KeptVoucher, ThinningItem, ThinningRun
from hemvist.retention.reading import verdict, verdicts
from hemvist.retention.terms import terms_on
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession, tenant_session

#: Closed cases that are looked at in one step.
SLICE = 200
#: Without a sign of life for so long, a run is taken up anew.
PATIENCE = timedelta(minutes=5)
#: In these states it is the worker's turn.
_OURS = ("requested", "approved", "running")


def run(tenant_id: UUID, run_id: UUID, seconds: float, metadata: MetaData) -> bool:
    """Work on a run for about so long. Returns whether something is left to do.

    ``metadata`` are all the tables of the core.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not step(tenant_id, run_id, metadata):
            return False
    return True


def step(tenant_id: UUID, run_id: UUID, metadata: MetaData) -> bool:
    """Do the next step of a run. Returns whether there is another after it."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        taken = session.get(ThinningRun, (tenant_id, run_id), with_for_update=True)
        if taken is None or taken.state not in _OURS:
            return False
        taken.stirred_at = now()
        if taken.state == "requested":
            return _gather(session, taken, metadata)
        taken.state = "running"
        if taken.stopped_at is not None:
            _leave_the_rest(session, run_id)
        waiting = session.scalar(
            select(ThinningItem.id)
            .where(ThinningItem.run_id == run_id, ThinningItem.state == "waiting")
            .order_by(ThinningItem.id)
            .limit(1)
        )
        on = taken.on_day
    if waiting is None:
        _finish(tenant_id, run_id, on)
        return False
    _thin(tenant_id, waiting, on, metadata)
    return True


def silent(session: TenantSession) -> Sequence[UUID]:
    """Runs that it is the worker's turn to go on with, and that nobody has for too long."""
    return session.scalars(
        select(ThinningRun.id).where(
            ThinningRun.state.in_(_OURS), ThinningRun.stirred_at < now() - PATIENCE
        )
    ).all()


def forget(tenant_id: UUID, on: date | None = None) -> dict[str, int]:
    """Remove what a thinning left behind for a time that is over on the day ``on`` (else today): sealed
    references when no backup can hold the cases, vouchers when bookkeeping lets them go."""
    day = on or today()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        over = select(ThinningRun.id).where(ThinningRun.backups_until < day)
        references = session.execute(
            update(ThinningItem)
            .where(ThinningItem.run_id.in_(over), ThinningItem.reference_sealed.is_not(None))
            .values(reference_sealed=None)
            .execution_options(synchronize_session=False)
        )
        spent = session.execute(delete(KeptVoucher).where(KeptVoucher.keep_until < day))
        assert isinstance(references, CursorResult)
        assert isinstance(spent, CursorResult)
        return {"references": references.rowcount, "vouchers": spent.rowcount}


def _gather(session: TenantSession, taken: ThinningRun, metadata: MetaData) -> bool:
    """Look at some closed cases more; when all are looked at, count what would go."""
    cases = session.scalars(
        select(Case)
        .where(Case.state == "closed", Case.id > (taken.gathered_to or UUID(int=0)))
        .order_by(Case.id)
        .limit(SLICE)
    ).all()
    if cases:
        judged, forecast = dict(taken.judged), dict(taken.forecast)
        for case_id, found in verdicts(session, cases, taken.on_day).items():
            key = "not_due" if found.fate is Fate.WAIT else found.rule
            judged[key] = judged.get(key, 0) + 1
            if found.due is not None:
                year = str(found.due.year)
                of_year = forecast.get(year, {})
                forecast[year] = {**of_year, found.rule: of_year.get(found.rule, 0) + 1}
            if found.fate is Fate.THIN:
                _add(session, taken, next(one for one in cases if one.id == case_id), found)
                taken.cases_total += 1
        taken.judged, taken.forecast, taken.gathered_to = judged, forecast, cases[-1].id
        return True
    ids = session.scalars(select(ThinningItem.case_id).where(ThinningItem.run_id == taken.id)).all()
    with tenant_session(Audience.THINNING, session.tenant_id) as reading:
        taken.preview = deleting.counted(reading, metadata, ids, aged_before(taken.on_day))
    taken.state, taken.gathered_to = "proposed", None
    return False


def _add(session: TenantSession, taken: ThinningRun, case: Case, found: Verdict) -> None:
    assert found.due is not None
    assert found.done_by is not None
    session.add(
        ThinningItem(
            run_id=taken.id,
            case_id=case.id,
            department=case.department,
            number_hash=certificate.number_hash(session.tenant_id, case.number),
            rule=found.rule,
            due_on=found.due,
            done_by=found.done_by,
        )
    )


def _thin(tenant_id: UUID, item_id: UUID, on: date, metadata: MetaData) -> None:
    """Thin one case, unless something has come between; then it is left, with the reason."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        item = session.find(ThinningItem, item_id)
        case = session.get(Case, (tenant_id, item.case_id))
        because = in_the_way(session, case, on)
        if case is None or because is not None:
            _leave(session, item, because or "gone")
            return
        alias = session.find(Household, case.household_id).alias
        reference = {
            "number": case.number,
            "household": alias,
            "household_id": str(case.household_id),
        }
    try:
        take(tenant_id, item_id, on, metadata, reference)
    except (IntegrityError, psycopg.IntegrityError):
        # A row of another case points at one of this, or a hold came in the last moment.
        with tenant_session(Audience.WORKER, tenant_id) as session:
            _leave(session, session.find(ThinningItem, item_id), "in_use")


def in_the_way(session: TenantSession, case: Case | None, on: date) -> str | None:
    """Why a case is not thinned after all, as a code; None where nothing is in the way."""
    if case is None:
        return "gone"
    if case.state != "closed":
        return "open"
    # As it was proposed, and as it is today: the law and the guideline may keep more since.
    for day in sorted({on, max(on, today())}):
        found = verdict(session, case, day)
        if found.fate is not Fate.THIN:
            return "not_due" if found.fate is Fate.WAIT else found.rule
    return None


def take(
    tenant_id: UUID, item_id: UUID, on: date, metadata: MetaData, reference: dict[str, str]
) -> None:
    """Delete the case of an item that waits, whole, with its line in the log and the mark that it is gone.

    Raises ``IntegrityError`` where a row of another case points at one of this, or it is held.
    """
    with tenant_session(Audience.THINNING, tenant_id) as session:
        item = session.get_one(ThinningItem, (tenant_id, item_id), with_for_update=True)
        if item.state != "waiting":
            return
        persons = person_ids(session, UUID(reference["household_id"]))
        kept = vouchers.keep(session, item.case_id, item.run_id, terms_on(on), on)
        item.counts = deleting.delete_case(session, metadata, item.case_id)
        item.state, item.thinned_at, item.reference = "thinned", now(), reference
        audit.record(
            session,
            Actor.system(tenant_id),
            "retention.thin",
            persons=persons,
            case_id=item.case_id,
            subject_type="thinning_item",
            subject_id=item.id,
            details={"run": str(item.run_id), "rule": item.rule, "vouchers": kept},
        )
    with tenant_session(Audience.WORKER, tenant_id) as session:
        _count(session, item.run_id)


def _leave_the_rest(session: TenantSession, run_id: UUID) -> None:
    """Leave every case that still waits: somebody has stopped the run."""
    session.execute(
        update(ThinningItem)
        .where(ThinningItem.run_id == run_id, ThinningItem.state == "waiting")
        .values(state="left", left_because="stopped")
        .execution_options(synchronize_session=False)
    )
    _count(session, run_id)


def _leave(session: TenantSession, item: ThinningItem, because: str) -> None:
    session.lock(item)
    if item.state == "waiting":
        item.state, item.left_because = "left", because
        session.flush()
        _count(session, item.run_id)


def _count(session: TenantSession, run_id: UUID) -> None:
    """How many cases of the run are seen to: from what stands there, so that none is counted twice."""
    done = session.scalar(
        select(func.count(ThinningItem.id)).where(
            ThinningItem.run_id == run_id, ThinningItem.state != "waiting"
        )
    )
    session.execute(
        update(ThinningRun)
        .where(ThinningRun.id == run_id)
        .values(cases_done=done, stirred_at=now())
        .execution_options(synchronize_session=False)
    )


def _finish(tenant_id: UUID, run_id: UUID, on: date) -> None:
    """What goes by its own age, then the certificate."""
    with tenant_session(Audience.THINNING, tenant_id) as session:
        aged = deleting.delete_aged(session, aged_before(on))
    with tenant_session(Audience.WORKER, tenant_id) as session:
        done = session.get_one(ThinningRun, (tenant_id, run_id), with_for_update=True)
        if done.state != "running":
            return
        until = today() + timedelta(days=get_settings().backup_days)
        document = certificate.written(session, done, terms_on(on), aged, until)
        done.backups_until, done.certificate = until, document
        done.certificate_sha256 = certificate.digest(document)
        done.state, done.ended_at = "done", now()
        audit.record(
            session,
            Actor.system(tenant_id),
            "retention.done",
            subject_type="thinning_run",
            subject_id=done.id,
            details={"cases": done.cases_total, "sha256": done.certificate_sha256},
        )


def aged_before(on: date) -> date:
    """Files from before this day go with a run that judges on the day ``on``."""
    return add_months(on, -terms_on(on).months)
