"""Break-glass (nödöppning): opening a closed case for some hours, and the review of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.access import visible_cases
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.circles.models import CaseCircle, CaseOpening, CircleMember, CircleRow
from hemvist.circles.service import members_of
from hemvist.clock import real_now, today
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor, Role, allows, require
from hemvist.identity.models import MembershipRow
from hemvist.notices.service import notify
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession

OPENED = "circle_opened"
MAX_REASON = 2_000
VERDICTS = ("approved", "questioned")


def break_glass(
    session: TenantSession, actor: Actor, *, number: str, reason: str, hours: int | None = None
) -> CaseOpening:
    """Open the closed case of this number for some hours; the manager and the circle hear at once.

    ``hours``: as many as the setting allows, or fewer. Raises ``NotAllowed``, ``NotFound`` for a
    number of no closed case of the actor's department, ``ValidationFailed`` (reason, hours),
    ``Conflict`` for who sees the case already.
    """
    require(actor, Action.GLASS_BREAK)
    assert actor.principal_id is not None
    # Before the number is looked at: else one without a reason would tell, and leave no trace, whether
    # a closed case has it.
    raise_if(required_text("reason", reason, MAX_REASON))
    most = get_settings().break_glass_hours
    if hours is not None and not 1 <= hours <= most:
        raise ValidationFailed.one("hours", "range", "too many or too few", min=1, max=most)
    row = session.scalar(select(CircleRow).where(CircleRow.case_number == number.strip()))
    # Of another department's case it is not even told that it is there.
    if row is None or not allows(actor, Action.GLASS_BREAK, department=row.department):
        raise NotFound("Case")
    circle = session.find(CaseCircle, row.circle_id)
    session.lock(circle)
    if _sees(session, row.row_id):
        raise Conflict("case_seen", "the case is open to you")
    began = real_now()
    ends = began + timedelta(hours=most if hours is None else hours)
    opening = session.save(
        CaseOpening(
            case_id=row.row_id,
            circle_id=circle.id,
            case_number=row.case_number,
            principal_id=actor.principal_id,
            actor_name=actor.name,
            reason=reason.strip(),
            opened_at=began,
            ends_at=ends,
        )
    )
    session.save(
        CircleMember(
            circle_id=circle.id,
            principal_id=actor.principal_id,
            added_at=began,
            added_by=actor.principal_id,
            until=ends,
            opening_id=opening.id,
        )
    )
    session.sent()
    case = session.find(Case, row.row_id)
    record(
        session,
        actor,
        case,
        OPENED,
        today(),
        action=Action.GLASS_BREAK,
        subject_type="case_opening",
        subject_id=opening.id,
    )
    _tell(session, actor, case, opening)
    return opening


def review(
    session: TenantSession,
    actor: Actor,
    *,
    opening_id: UUID,
    verdict: str,
    remark: str | None = None,
    expected_version: int,
) -> CaseOpening:
    """Say of an opening that it was right, or question it: what is questioned ends at once.

    Nobody reviews their own. Raises ``NotFound``, ``NotAllowed``, ``ValidationFailed`` (verdict, or
    no remark of what is questioned), ``Conflict`` when it has been reviewed.
    """
    opening = session.find(CaseOpening, opening_id)
    # Of an opening of others' cases it is not even told that it is there.
    if not allows(actor, Action.GLASS_REVIEW) and not _knows(session, actor, opening):
        raise NotFound("CaseOpening")
    require(actor, Action.GLASS_REVIEW, not_by=[opening.principal_id])
    if verdict not in VERDICTS:
        raise ValidationFailed.one("verdict", "unknown_choice", "unknown verdict", allowed=VERDICTS)
    said = (remark or "").strip()
    if verdict == "questioned" or said:
        raise_if(required_text("remark", said, MAX_REASON))
    session.change(opening, expected_version)
    if opening.state != "open":
        raise Conflict("already_reviewed", "it has been reviewed")
    opening.state = verdict
    opening.remark = said or None
    opening.reviewed_at, opening.reviewed_by = real_now(), actor.principal_id
    session.flush()
    audit.record(
        session,
        actor,
        Action.GLASS_REVIEW,
        case_id=opening.case_id,
        subject_type="case_opening",
        subject_id=opening.id,
        details={"verdict": verdict},
    )
    return opening


def openings(
    session: TenantSession, actor: Actor, *, state: str | None = None
) -> list[CaseOpening]:
    """Openings for a log reviewer, the newest first. The cases themselves are not shown."""
    require(actor, Action.GLASS_REVIEW)
    wanted = select(CaseOpening).order_by(CaseOpening.opened_at.desc(), CaseOpening.id.desc())
    if state is not None:
        wanted = wanted.where(CaseOpening.state == state)
    return list(session.scalars(wanted.limit(500)))


def openings_of(session: TenantSession, case: Case) -> list[CaseOpening]:
    """The case's openings, the newest first, for who sees the case."""
    return list(
        session.scalars(
            select(CaseOpening)
            .where(CaseOpening.case_id == case.id)
            .order_by(CaseOpening.opened_at.desc(), CaseOpening.id.desc())
        )
    )


def _sees(session: TenantSession, case_id: UUID) -> bool:
    return session.scalar(select(Case.id).where(Case.id == case_id)) is not None


def _knows(session: TenantSession, actor: Actor, opening: CaseOpening) -> bool:
    if opening.principal_id == actor.principal_id:
        return True
    seen = select(Case.id).where(Case.id == opening.case_id, visible_cases(actor))
    return session.scalar(seen) is not None


def _tell(session: TenantSession, actor: Actor, case: Case, opening: CaseOpening) -> None:
    """A notice to the managers, and to the roles in which people of the circle read notices.

    A notice hangs on the case, so that of each role only who is in the circle sees it.
    """
    roles = session.execute(
        select(MembershipRow.role, MembershipRow.department)
        .where(
            MembershipRow.principal_id.in_(members_of(session, opening.circle_id)),
            MembershipRow.department != "",
        )
        .distinct()
    ).all()
    managers = (Role.DEPARTMENT_MANAGER.value, case.department)
    for role, department in sorted({managers, *((role, at) for role, at in roles)}):
        notify(
            session,
            kind=OPENED,
            role=role,
            department=department,
            case_id=case.id,
            subject_type="case_opening",
            subject_id=opening.id,
            source_id=opening.id,
            caused_by=actor.principal_id,
        )
