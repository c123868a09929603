"""Home visits that carry out no dated duty: in between, or the joint one before the duty ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hemvist.cases.access import case_for, disclosed_departments
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.commissioned import own_codes, require_for_support
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import programme_of
from hemvist.errors import Problem, too_long
from hemvist.follow_ups.models import FollowUp
from hemvist.follow_ups.taking_part import check_departments, check_parties
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_NOTES = 10_000
HELD = "home_visit_held"
#: Purposes of a visit that a person registers here.
VISITS = ("home_visit", "joint_visit")


def record_home_visit(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    purpose: str = "home_visit",
    held_on: date | None = None,
    departments: Sequence[str],
    parties: Sequence[str] = (),
    resident_took_part: bool,
    notes: str = "",
) -> FollowUp:
    """Record a visit in the home besides those that the guideline dates (HBG-139).

    ``joint_visit`` is the one before the responsibility to follow up ends (HBG-130): every side that
    ends it together takes part, and so does the resident. Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.FOLLOW_UP_RECORD)
    require_open(case)
    require_for_support(actor, case, Action.FOLLOW_UP_RECORD, _by(case, purpose))
    departments = [*departments, *own_codes(actor, case, Action.FOLLOW_UP_RECORD)]
    day = effective_day(held_on, field="heldOn", not_before=case.opened_on)
    raise_if(
        _check(case, purpose, departments, resident_took_part, disclosed_departments(session, case))
        + check_parties(parties)
        + too_long("notes", notes, MAX_NOTES)
    )
    visit = session.save(
        FollowUp(
            case_id=case.id,
            obligation_id=None,
            purpose=purpose,
            held_on=day,
            departments=sorted(set(departments)),
            parties=sorted(set(parties)),
            resident_took_part=resident_took_part,
            in_the_home=True,
            agenda_done=[],
            notes=notes.strip(),
            plan_id=None,
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        HELD,
        day,
        action=Action.FOLLOW_UP_RECORD,
        subject_type="follow_up",
        subject_id=visit.id,
        data={"purpose": purpose, "departments": visit.departments},
    )
    return visit


def _by(case: Case, purpose: str) -> tuple[str, ...]:
    """Whose visit it is: any visit is the support staff's, the joint one is not."""
    programme = programme_of(case)
    end = None if programme is None else programme.end_of_follow_up
    if purpose != "joint_visit" or end is None:
        return ("support_worker",)
    return end.by


def _check(
    case: Case,
    purpose: str,
    departments: Sequence[str],
    resident_took_part: bool,
    others: Sequence[str],
) -> list[Problem]:
    if purpose not in VISITS:
        return [Problem("purpose", "unknown_choice", "no such visit", {"allowed": [*VISITS]})]
    if purpose == "home_visit":
        found = check_departments(case, departments, (), others)
        if not departments:
            found.append(Problem("departments", "required", "somebody made the visit"))
        return found
    programme = programme_of(case)
    end = None if programme is None else programme.end_of_follow_up
    if end is None:
        return [Problem("purpose", "no_end_of_follow_up", "the programme has no such end")]
    problems = check_departments(case, departments, end.by, others)
    if not resident_took_part:
        problems.append(Problem("residentTookPart", "required", "the resident takes part"))
    return problems
