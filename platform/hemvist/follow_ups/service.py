"""Recording that a follow-up was held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.access import disclosed_departments, open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.commissioned import own_codes, require_for_support
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, PolicyRefused, Problem, too_long
from hemvist.follow_ups import checklists
from hemvist.follow_ups.duties import duty_of, refuse_other_duties
from hemvist.follow_ups.models import FollowUp
from hemvist.follow_ups.taking_part import check_departments, check_parties
from hemvist.identity import Action, Actor, require
from hemvist.policy.programmes import Obligation as Duty
from hemvist.support_plans import service as support_plans
from hemvist.support_plans.models import SupportPlan
from hemvist.tenancy import TenantSession

MAX_NOTES = 10_000


def record_follow_up(
    session: TenantSession,
    actor: Actor,
    *,
    obligation_id: UUID,
    held_on: date | None = None,
    departments: Sequence[str],
    resident_took_part: bool,
    in_the_home: bool,
    agenda_done: Sequence[str] = (),
    notes: str = "",
    parties: Sequence[str] = (),
    checklist: Mapping[str, Any] | None = None,
    send_checklist: bool = False,
    plan: Mapping[str, Any] | None = None,
    expected_version: int,
) -> FollowUp:
    """Record the follow-up that carries out an obligation.

    Every party that the pack names must have taken part (the first one is held by the referring
    department and the property office together, HBG-102), and a follow-up at which the plan is
    drawn up must bring one (HBG-106). Where the guideline has a form for it, ``checklist`` holds it
    filled in (GBG-93); ``send_checklist`` sends it on at once. Raises ``ValidationFailed``,
    ``PolicyRefused``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    obligation, case = open_matter(
        session, actor, Obligation, obligation_id, Action.FOLLOW_UP_RECORD
    )
    require_for_support(actor, case, Action.FOLLOW_UP_RECORD, obligation.by)
    departments = [*departments, *own_codes(actor, case, Action.FOLLOW_UP_RECORD)]
    refuse_other_duties(case, obligation)
    duty = duty_of(case, obligation)
    day = effective_day(held_on, field="heldOn", not_before=obligation.anchored_on)
    raise_if(
        _check(session, case, obligation, departments, agenda_done, notes)
        + check_parties(parties)
        + _check_form(duty, checklist),
    )
    session.change(obligation, expected_version)
    if obligation.state != "open":
        raise Conflict("obligation_done", f"the obligation is {obligation.state}")
    agreed = _plan(session, actor, case, obligation, plan, day)
    deadlines.mark_done(session, obligation, day)
    follow_up = session.save(
        FollowUp(
            case_id=case.id,
            obligation_id=obligation.id,
            held_on=day,
            departments=sorted(set(departments)),
            parties=sorted(set(parties)),
            resident_took_part=resident_took_part,
            in_the_home=in_the_home,
            agenda_done=list(dict.fromkeys(agenda_done)),
            notes=notes.strip(),
            plan_id=None if agreed is None else agreed.id,
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "follow_up_recorded",
        day,
        action=Action.FOLLOW_UP_RECORD,
        subject_type="follow_up",
        subject_id=follow_up.id,
        data={"obligation": obligation.code, "ordinal": obligation.ordinal},
    )
    if duty is not None and duty.checklist:
        form = checklists.keep(session, follow_up, duty, checklist or {})
        if send_checklist:
            checklists.send(session, actor, case, form, day)
    return follow_up


def _check_form(duty: Duty | None, given: Mapping[str, Any] | None) -> list[Problem]:
    if duty is not None and duty.checklist:
        return checklists.check_filled(duty, given or {})
    return [Problem("checklist", "no_checklist", "no form is filled in at it")] if given else []


def _check(
    session: TenantSession,
    case: Case,
    obligation: Obligation,
    departments: Sequence[str],
    agenda_done: Sequence[str],
    notes: str,
) -> list[Problem]:
    # Asked only where a code is none of the pack's.
    foreign = set(departments) - set(pack_of(case).departments)
    providers = _providers(session, case) if foreign else []
    problems = check_departments(case, departments, obligation.by, providers)
    agenda = {item["id"] for item in obligation.agenda}
    problems += [
        Problem("agendaDone", "unknown_item", "not on the agenda", {"item": item[:60]})
        for item in agenda_done
        if item not in agenda
    ]
    return problems + too_long("notes", notes, MAX_NOTES)


def _providers(session: TenantSession, case: Case) -> list[str]:
    """Who else takes part: the case lies open to whoever has its support on commission."""
    return disclosed_departments(session, case)


def _plan(
    session: TenantSession,
    actor: Actor,
    case: Case,
    obligation: Obligation,
    content: Mapping[str, Any] | None,
    day: date,
) -> SupportPlan | None:
    if content:
        require(actor, Action.SUPPORT_PLAN_AGREE, department=case.department)
        return support_plans.agree(session, actor, case, content=content, agreed_on=day)
    if obligation.creates == "plan" and not support_plans.is_made(session, case):
        raise PolicyRefused(
            "plan_due",
            "the plan is drawn up at this follow-up",
            cite=obligation.cite,
        )
    return None
