"""Goals of a plan and their sub-goals: written with a draft, followed while the plan holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.support_plans.models import GOAL_STATES, PlanGoal, SupportPlan
from hemvist.tenancy import TenantSession

MAX_GOALS = 30
MAX_GOAL = 1_000


@dataclass(frozen=True, slots=True)
class WrittenGoal:
    """A goal as somebody wrote it, with its sub-goals."""

    goal: str
    how: str
    state: str
    parts: tuple[WrittenGoal, ...] = ()


def checked_goals(given: Sequence[Mapping[str, Any]]) -> tuple[WrittenGoal, ...]:
    """The goals. Raises ``ValidationFailed`` naming each field that does not hold."""
    problems: list[Problem] = []
    found = _read(given, "goals", problems, depth=1)
    if problems:
        raise ValidationFailed(problems)
    return found


def _read(
    given: Sequence[Mapping[str, Any]], path: str, problems: list[Problem], depth: int
) -> tuple[WrittenGoal, ...]:
    if len(given) > MAX_GOALS:
        problems.append(Problem(path, "count", f"at most {MAX_GOALS}", {"limit": MAX_GOALS}))
        return ()
    found = []
    for place, one in enumerate(given):
        here = f"{path}[{place}]"
        goal, how = str(one.get("goal") or "").strip(), str(one.get("how") or "").strip()
        state = str(one.get("state") or "open")
        if not goal:
            problems.append(Problem(f"{here}.goal", "required", "must be filled in"))
        problems += too_long(f"{here}.goal", goal, MAX_GOAL)
        problems += too_long(f"{here}.how", how, MAX_GOAL)
        if state not in GOAL_STATES:
            problems.append(Problem(f"{here}.state", "unknown_choice", "not a state of a goal"))
        parts: Sequence[Mapping[str, Any]] = one.get("parts") or ()
        inner = _read(parts, f"{here}.parts", problems, depth + 1) if depth == 1 else ()
        found.append(WrittenGoal(goal, how, state, inner))
    return tuple(found)


def write_goals(
    session: TenantSession,
    case: Case,
    plan: SupportPlan,
    wanted: Sequence[WrittenGoal],
    on: date,
) -> None:
    """Write the goals of a draft; those of an earlier wording are dropped from it, and stay on record
    as what was once meant (place 0 is not shown)."""
    session.flush()
    session.execute(update(PlanGoal).where(PlanGoal.plan_id == plan.id).values(place=0))
    place = 0
    for goal in wanted:
        place += 1
        row = session.save(_row(case, plan, goal, None, place, on))
        for part in goal.parts:
            place += 1
            session.save(_row(case, plan, part, row.id, place, on))


def _row(
    case: Case, plan: SupportPlan, goal: WrittenGoal, parent: UUID | None, place: int, on: date
) -> PlanGoal:
    return PlanGoal(
        case_id=case.id,
        plan_id=plan.id,
        parent_id=parent,
        place=place,
        goal=goal.goal,
        how=goal.how,
        state=goal.state,
        state_on=on,
        note="",
    )


def goals_of(session: TenantSession, plan: SupportPlan) -> list[PlanGoal]:
    """The goals of a plan in their order, sub-goals after the goal that they belong to."""
    session.flush()
    return list(
        session.scalars(
            select(PlanGoal)
            .where(PlanGoal.plan_id == plan.id, PlanGoal.place > 0)
            .order_by(PlanGoal.place)
        )
    )


def follow_goal(
    session: TenantSession,
    actor: Actor,
    *,
    goal_id: UUID,
    state: str,
    note: str = "",
    on: date | None = None,
    expected_version: int,
) -> PlanGoal:
    """Say how far a goal of the plan in force has come.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    goal, case = open_matter(session, actor, PlanGoal, goal_id, Action.SUPPORT_PLAN_AGREE)
    plan = session.find(SupportPlan, goal.plan_id)
    day = effective_day(on, not_before=plan.agreed_on)
    problems = too_long("note", note, MAX_GOAL)
    if state not in GOAL_STATES:
        problems.append(Problem("state", "unknown_choice", "not a state of a goal"))
    raise_if(problems)
    session.change(goal, expected_version)
    if plan.state != "agreed" or goal.place == 0:
        raise Conflict("plan_not_in_force", f"the plan is {plan.state}", state=plan.state)
    goal.state = state
    goal.state_on = day
    goal.note = note.strip()
    record(
        session,
        actor,
        case,
        "plan_goal_followed",
        day,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"state": state},
    )
    return goal
