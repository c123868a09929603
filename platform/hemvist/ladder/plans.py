"""The action plan for staying in the home (handlingsplan): who does what by which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.errors import Conflict, NotFound, Problem
from hemvist.identity import Action, Actor
from hemvist.ladder.access import MAX_TEXT, check_parties, held, step_taken
from hemvist.ladder.models import JointMeeting, Ladder, LadderAction, LadderStep
from hemvist.tenancy import TenantSession

MAX_ACTIONS = 50
#: How an action is settled by hand.
SETTLED = ("done", "not_done", "cancelled")


@dataclass(frozen=True, slots=True)
class NewAction:
    """What somebody takes on: what, which party, by which day."""

    what: str
    owner: str
    due_on: date


def make_plan(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    actions: Sequence[NewAction],
    meeting_id: UUID | None = None,
    agreed_on: date | None = None,
) -> LadderStep:
    """Make the action plan, or add to it: each action with its owner and its day (GBG-114).

    Raises ``ValidationFailed`` naming ``actions[i]``; ``NotFound`` for a meeting of another ladder;
    ``Conflict``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(agreed_on, field="agreedOn", not_before=ladder.opened_on)
    raise_if(_check(actions, day))
    if meeting_id is not None and session.find(JointMeeting, meeting_id).ladder_id != ladder.id:
        raise NotFound("JointMeeting")
    for one in actions:
        session.save(
            LadderAction(
                case_id=case.id,
                ladder_id=ladder.id,
                meeting_id=meeting_id,
                what=one.what.strip(),
                owner=one.owner,
                due_on=one.due_on,
                agreed_on=day,
                recorded_by=actor.principal_id,
            )
        )
    return step_taken(
        session,
        actor,
        case,
        ladder,
        "plan",
        day,
        event="action_plan_made",
        action=Action.LADDER_KEEP,
        data={"actions": len(actions)},
        copies=sorted({one.owner for one in actions}),
    )


def settle_action(
    session: TenantSession,
    actor: Actor,
    *,
    action_id: UUID,
    expected_version: int,
    outcome: str,
    notes: str = "",
    settled_on: date | None = None,
) -> LadderAction:
    """Register that an action was done, not done, or is no longer needed; the last two with the
    reason. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``."""
    row, case = open_matter(session, actor, LadderAction, action_id, Action.LADDER_KEEP)
    day = effective_day(settled_on, field="settledOn", not_before=row.agreed_on)
    problems = (
        [] if outcome in SETTLED else [Problem("outcome", "unknown_choice", "no such outcome")]
    )
    if outcome != "done":
        problems += required_text("notes", notes, MAX_TEXT)
    raise_if(problems)
    session.lock(session.find(Ladder, row.ladder_id))
    session.change(row, expected_version)
    if row.state != "open":
        raise Conflict("action_settled", f"the action is {row.state}", state=row.state)
    row.state, row.settled_on, row.notes = outcome, day, notes.strip()
    row.settled_by = actor.principal_id
    record(
        session,
        actor,
        case,
        "plan_action_settled",
        day,
        action=Action.LADDER_KEEP,
        subject_type="ladder",
        subject_id=row.ladder_id,
        data={"outcome": outcome},
    )
    return row


def _check(actions: Sequence[NewAction], day: date) -> list[Problem]:
    if not 1 <= len(actions) <= MAX_ACTIONS:
        return [Problem("actions", "count", f"1 to {MAX_ACTIONS}", {"limit": MAX_ACTIONS})]
    problems: list[Problem] = []
    for place, one in enumerate(actions):
        path = f"actions[{place}]"
        problems += required_text(f"{path}.what", one.what, MAX_TEXT)
        problems += [
            Problem(f"{path}.owner", "unknown_choice", "no such party")
            for _ in check_parties("owner", [one.owner])
        ]
        if one.due_on < day:
            problems.append(Problem(f"{path}.dueOn", "before_start", "lies before the plan"))
    return problems
