"""Going through a plan on its day (uppföljning av planen), and the duty to do so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines import service as deadlines
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.policy.programmes import PARTIES
from hemvist.support_plans.models import OUTCOMES, PlanReview, SupportPlan
from hemvist.tenancy import TenantSession

#: The duty to go through a plan on the day that was set when it was made.
REVIEW = "plan_review"
MAX_TEXT = 10_000
LABEL = {"sv": "Gå igenom planen med hushållet", "en": "Go through the plan with the household"}


def set_review(session: TenantSession, case: Case, plan: SupportPlan, on: date) -> None:
    """Put the plan's review day among the duties of the case, where a day is set."""
    if plan.review_on is None:
        return
    assert case.programme is not None
    pack = pack_of(case)
    rules = pack.programme(case.programme).plan
    deadlines.set_day(
        session,
        case_id=case.id,
        programme=case.programme,
        pack=pack,
        code=REVIEW,
        subject_id=plan.id,
        set_on=on,
        due_on=plan.review_on,
        by=["referring"],
        departments=[case.department],
        label=LABEL,
        cite="; ".join(rules.cite) if rules else "",
        ordinal=_held(session, plan) + 1,
    )


def review(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    outcome: str,
    parties: Sequence[str],
    held_on: date | None = None,
    own_words: str = "",
    notes: str = "",
    next_on: date | None = None,
    expected_version: int,
) -> PlanReview:
    """Record that a plan in force was gone through; carries out the duty to do so.

    A plan that goes on needs a next day. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    plan, case = open_matter(session, actor, SupportPlan, plan_id, Action.SUPPORT_PLAN_AGREE)
    day = effective_day(held_on, field="heldOn", not_before=plan.agreed_on)
    raise_if(_check(outcome, parties, own_words, notes, day, next_on))
    session.change(plan, expected_version)
    if plan.state != "agreed":
        raise Conflict("plan_not_in_force", f"the plan is {plan.state}", state=plan.state)
    held = session.save(
        PlanReview(
            case_id=case.id,
            plan_id=plan.id,
            held_on=day,
            parties=sorted(set(parties)),
            own_words=own_words.strip(),
            notes=notes.strip(),
            outcome=outcome,
            next_on=next_on,
            recorded_by=actor.principal_id,
        )
    )
    due = deadlines.set_and_open(session, plan.id, REVIEW)
    if due is not None:
        deadlines.mark_done(session, due, day)
    plan.review_on = next_on
    set_review(session, case, plan, day)
    record(
        session,
        actor,
        case,
        "plan_reviewed",
        day,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"outcome": outcome},
    )
    return held


def _held(session: TenantSession, plan: SupportPlan) -> int:
    session.flush()
    count = session.scalar(
        select(func.count()).select_from(PlanReview).where(PlanReview.plan_id == plan.id)
    )
    return int(count or 0)


def _check(
    outcome: str,
    parties: Sequence[str],
    own_words: str,
    notes: str,
    day: date,
    next_on: date | None,
) -> list[Problem]:
    problems = [
        Problem("parties", "unknown_item", "not a party", {"item": one[:60]})
        for one in parties
        if one not in PARTIES
    ]
    if not parties:
        problems.append(Problem("parties", "required", "somebody took part"))
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "not a choice"))
    if outcome == "goes_on" and next_on is None:
        problems.append(Problem("nextOn", "required", "a plan that goes on is gone through again"))
    if next_on is not None and next_on <= day:
        problems.append(Problem("nextOn", "too_early", f"lies after {day}", {"earliest": str(day)}))
    return problems + too_long("ownWords", own_words, MAX_TEXT) + too_long("notes", notes, MAX_TEXT)
