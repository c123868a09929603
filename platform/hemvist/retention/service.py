"""Proposing a thinning, approving another's, and keeping a case from it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist import audit, outbox
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.households.models import HouseholdMember
from hemvist.identity import Action, Actor, allows, require
from hemvist.retention.events import APPROVED, PROPOSED
from hemvist.retention.models import MARKS, UNDER_WAY, RetentionMark, ThinningRun
from hemvist.tenancy import TenantSession

MAX_REASON = 2_000


def propose(session: TenantSession, actor: Actor) -> ThinningRun:
    """Let the worker gather what is due today, for somebody else to approve.

    Raises ``NotAllowed``; ``Conflict`` while another run is under way.
    """
    require(actor, Action.RETENTION_PROPOSE)
    under_way = session.scalar(select(ThinningRun.id).where(ThinningRun.state.in_(UNDER_WAY)))
    if under_way is not None:
        raise Conflict("thinning_under_way", "end the one that is under way first")
    assert actor.principal_id is not None
    run = session.save(
        ThinningRun(
            state="requested",
            on_day=today(),
            proposed_by=actor.principal_id,
            proposed_at=now(),
            stirred_at=now(),
        )
    )
    _audit(session, actor, run, Action.RETENTION_PROPOSE)
    outbox.emit(session, PROPOSED, {"run_id": run.id, "by": actor.principal_id})
    return run


def approve(
    session: TenantSession, actor: Actor, *, run_id: UUID, expected_version: int
) -> ThinningRun:
    """Let the worker carry out what another person has proposed.

    Raises ``NotFound``; ``NotAllowed``, also of who proposed it; ``Conflict`` when it does not wait for
    approval, holds nothing, or was changed. However long it waited: each case is judged anew before it goes.
    """
    run = run_for(session, actor, run_id)
    require(actor, Action.RETENTION_APPROVE, not_by=[run.proposed_by])
    session.change(run, expected_version)
    if run.state != "proposed":
        raise Conflict("not_proposed", "it does not wait for approval", state=run.state)
    if not run.cases_total:
        raise Conflict("nothing_due", "no case is due")
    run.state, run.approved_by, run.approved_at = "approved", actor.principal_id, now()
    run.stirred_at = now()
    session.flush()
    _audit(session, actor, run, Action.RETENTION_APPROVE)
    outbox.emit(session, APPROVED, {"run_id": run.id, "by": actor.principal_id})
    return run


def withdraw(
    session: TenantSession, actor: Actor, *, run_id: UUID, expected_version: int
) -> ThinningRun:
    """End a run that nobody has approved yet.

    Raises ``NotFound``, ``NotAllowed``; ``Conflict`` when it was approved, has ended or was changed.
    """
    run = run_for(session, actor, run_id)
    if not allows(actor, Action.RETENTION_PROPOSE):
        require(actor, Action.RETENTION_APPROVE)
    session.change(run, expected_version)
    if run.state not in ("requested", "proposed"):
        raise Conflict("not_proposed", "it does not wait for approval", state=run.state)
    if run.state == "requested":
        # Half a count would be taken for a whole one.
        run.judged, run.forecast, run.cases_total = {}, {}, 0
    run.state, run.ended_at = "withdrawn", now()
    session.flush()
    _audit(session, actor, run, "retention.withdraw")
    return run


def stop(
    session: TenantSession, actor: Actor, *, run_id: UUID, expected_version: int
) -> ThinningRun:
    """End a run: one that nobody has approved is withdrawn; of one that is approved the worker leaves the
    cases that still wait, after the one that it is at, and certifies those that are gone.

    Raises ``NotFound``, ``NotAllowed``; ``Conflict`` when it has ended, is being stopped or was changed.
    """
    run = run_for(session, actor, run_id)
    if run.approved_by is None:
        return withdraw(session, actor, run_id=run_id, expected_version=expected_version)
    if not allows(actor, Action.RETENTION_PROPOSE):
        require(actor, Action.RETENTION_APPROVE)
    session.change(run, expected_version)
    if run.state == "done" or run.stopped_at is not None:
        raise Conflict("thinning_ended", "it has ended, or is being stopped", state=run.state)
    run.stopped_by, run.stopped_at = actor.principal_id, now()
    session.flush()
    _audit(session, actor, run, "retention.stop")
    return run


def run_for(session: TenantSession, actor: Actor, run_id: UUID) -> ThinningRun:
    """The run, for those who may see what is thinned. Raises ``NotFound``."""
    if not allows(actor, Action.RETENTION_READ):
        raise NotFound("ThinningRun")
    return session.find(ThinningRun, run_id)


def place_mark(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    kind: str,
    reason: str,
    until: date | None = None,
    person_id: UUID | None = None,
) -> RetentionMark:
    """Keep a case from being thinned: for now (``hold``), for good (``child_placement``), or until a
    child of its household is grown (``child_inquiry``).

    Raises ``NotFound`` (case), ``NotAllowed``, ``ValidationFailed`` (kind, reason, until, person).
    """
    case = _case_for(session, actor, case_id)
    problems = too_long("reason", reason, MAX_REASON)
    if kind not in MARKS:
        problems.append(Problem("kind", "unknown_choice", "not one of the kinds"))
    if not reason.strip():
        problems.append(Problem("reason", "required", "must be filled in"))
    if until is not None and kind != "hold":
        problems.append(Problem("until", "only_holds_end", "only a hold ends by itself"))
    elif until is not None and until < today():
        problems.append(Problem("until", "hold_over", "a hold ends today at the earliest"))
    if person_id is None and kind == "child_inquiry":
        problems.append(Problem("personId", "required", "an inquiry is about a child"))
    elif person_id is not None and kind != "child_inquiry":
        problems.append(Problem("personId", "only_inquiries", "only an inquiry is about a child"))
    elif person_id is not None and not _member(session, case, person_id):
        problems.append(Problem("personId", "not_in_household", "nobody of the household"))
    if problems:
        raise ValidationFailed(problems)
    assert actor.principal_id is not None
    mark = session.save(
        RetentionMark(
            case_id=case.id,
            kind=kind,
            person_id=person_id,
            reason=reason.strip(),
            placed_by=actor.principal_id,
            placed_on=today(),
            until=until,
        )
    )
    _audit_mark(session, actor, mark, "retention.place")
    return mark


def lift_mark(
    session: TenantSession, actor: Actor, *, mark_id: UUID, expected_version: int
) -> RetentionMark:
    """Let a mark count no more. It stays, with who lifted it.

    Raises ``NotFound``, ``NotAllowed``; ``Conflict`` when it is lifted already or was changed.
    """
    if not allows(actor, Action.RETENTION_HOLD):
        raise NotFound("RetentionMark")
    mark = session.find(RetentionMark, mark_id)
    case = session.find(Case, mark.case_id)
    if not allows(actor, Action.RETENTION_HOLD, department=case.department):
        # As of one that there is not: a case of another department is not told of either.
        raise NotFound("RetentionMark")
    session.change(mark, expected_version)
    if mark.lifted_on is not None:
        raise Conflict("already_lifted", "it counts no more")
    mark.lifted_on, mark.lifted_by = today(), actor.principal_id
    session.flush()
    _audit_mark(session, actor, mark, "retention.lift")
    return mark


def case_to_judge(
    session: TenantSession, actor: Actor, *, case_id: UUID | None = None, number: str = ""
) -> Case | None:
    """The case with this id, else number, for who may know when it is thinned: those who see to thinning in
    the whole kommun, and those who may hold the cases of its department. None for others, and of
    a case that is closed to a circle round somebody else."""
    wanted = Case.number == number if case_id is None else Case.id == case_id
    case = session.scalar(select(Case).where(wanted))
    if case is None or not may_judge(actor, case.department):
        return None
    return case


def may_judge(actor: Actor, department: str) -> bool:
    """Whether the actor may know when a case of the department is thinned."""
    return allows(actor, Action.RETENTION_READ) or allows(
        actor, Action.RETENTION_HOLD, department=department
    )


def _case_for(session: TenantSession, actor: Actor, case_id: UUID) -> Case:
    """The case, for who may keep it from thinning. Whoever may not learns of no other's case."""
    case = session.find(Case, case_id)
    if not allows(actor, Action.RETENTION_HOLD, department=case.department):
        if allows(actor, Action.CASE_READ, department=case.department):
            require(actor, Action.RETENTION_HOLD, department=case.department)
        raise NotFound("Case")
    return case


def _member(session: TenantSession, case: Case, person_id: UUID) -> bool:
    return (
        session.scalar(
            select(HouseholdMember.id).where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.person_id == person_id,
            )
        )
        is not None
    )


def _audit(session: TenantSession, actor: Actor, run: ThinningRun, action: str) -> None:
    audit.record(session, actor, action, subject_type="thinning_run", subject_id=run.id)


def _audit_mark(session: TenantSession, actor: Actor, mark: RetentionMark, action: str) -> None:
    case = session.find(Case, mark.case_id)
    audit.record(
        session,
        actor,
        action,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="retention_mark",
        subject_id=mark.id,
        details={"kind": mark.kind},
    )
