"""Commands on ladders: what is tried so that the household stays, from a talk to an action plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.assessments.service import NewAnswer
from hemvist.identity import Actor
from hemvist.ladder import demands, meetings, plans, service
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.letters import sending
from hemvist.tenancy import TenantSession
from hemvist_graphql.assessments.mutations import AnswerInput
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text

PARTIES = "In the guideline's roles: resident, property, support_worker …"
WHY = "Why to go on where law or guideline warns."
_SERIOUS = "minor, serious or especially_serious"


def ladder_of(session: TenantSession, step: LadderStep) -> Ladder:
    """The ladder that a step belongs to."""
    return session.find(Ladder, step.ladder_id)


@strawberry.input
class OpenLadderInput:
    """A tenancy in trouble."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    incident_id: strawberry.ID | None = refers_to("Incident", default=None)
    ground: str = text(20, description="misconduct or arrears")
    severity: str = text(20, description=_SERIOUS)
    severity_reason: str = text(MAX_TEXT)
    about: str = text(
        MAX_TEXT, description="What it is about. Read by landlord side and social services."
    )
    opened_on: dt.date | None = None


@command(OpenLadderInput, gives="ladder", description="Take a tenancy in trouble up.")
def open_ladder(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a tenancy in trouble up."""
    return service.open_ladder(session, actor, **values)


@strawberry.input
class WeighLadderInput:
    """How serious it is, and what the guideline asks before its steps."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    severity: str | None = text(20, default=None, description=_SERIOUS)
    severity_reason: str = text(MAX_TEXT, default="")
    answers: list[AnswerInput] = strawberry.field(default_factory=list)
    on: dt.date | None = None
    expected_version: int


@command(
    WeighLadderInput,
    gives="ladder",
    description="Weigh how serious it is, and answer the guideline's questions before its steps.",
)
def weigh_ladder(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Weigh how serious it is."""
    answers = [NewAnswer(**{"value": None, **one}) for one in values.pop("answers", [])]
    return service.weigh_ladder(session, actor, answers=answers, **values)


@strawberry.input
class RecordTalkInput:
    """A talk with the tenant."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    parties: list[str] = text(40, description=PARTIES)
    what: str = text(MAX_TEXT)
    inside: bool = strawberry.field(
        default=False, description="The words stay with the department that has the case."
    )
    held_on: dt.date | None = None
    expected_version: int


@command(
    RecordTalkInput,
    gives="ladder",
    description="Register a talk with the tenant; it answers what was promised after a demand.",
)
def record_talk(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a talk with the tenant."""
    return ladder_of(session, service.record_talk(session, actor, **values))


@strawberry.input
class SendDemandInput:
    """A demand to mend, as it goes out."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT, description="What is to be put right.")
    ways: list[str] = text(40, description="letter, registered_letter, handed_over or served")
    copies: list[str] = text(40, default_factory=list, description=PARTIES)
    sent_on: dt.date | None = None
    until_on: dt.date | None = strawberry.field(default=None, description="The last day to mend.")
    went_on_because: str = text(MAX_TEXT, default="", description=WHY)
    expected_version: int


@command(
    SendDemandInput,
    gives="ladder",
    description="Send a demand to mend (rättelseanmaning): its letter is released with it.",
)
def send_demand(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a demand to mend."""
    return ladder_of(session, sending.send_demand(session, actor, **values))


@strawberry.input
class ReceiveDemandInput:
    """Another landlord's demand, as it came to the board."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    sent_on: dt.date
    received_on: dt.date | None = None
    until_on: dt.date | None = None
    expected_version: int


@command(
    ReceiveDemandInput,
    gives="ladder",
    description="Register a demand that another landlord has sent and told the social board of.",
)
def receive_demand(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register another landlord's demand."""
    return ladder_of(session, demands.receive_demand(session, actor, **values))


@strawberry.input
class NotifyBoardInput:
    """What the social board is told."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    told_on: dt.date | None = None
    expected_version: int


@command(
    NotifyBoardInput,
    gives="ladder",
    description="Notify the social board before a notice for misconduct (JB 12:42), with its letter.",
)
def notify_board(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Notify the social board."""
    return ladder_of(session, sending.notify_board(session, actor, **values))


@strawberry.input
class CallMeetingInput:
    """A joint meeting."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    called: list[str] = text(40, description=PARTIES)
    meets_on: dt.date
    meets_at: str = text(20, default="")
    place: str = text(200)
    called_on: dt.date | None = None
    expected_version: int


@command(
    CallMeetingInput,
    gives="joint_meeting",
    description="Call the tenant and everybody who is responsible to a meeting.",
)
def call_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Call a joint meeting."""
    return sending.call_meeting(session, actor, **values)


@strawberry.input
class AbsentInput:
    """Why somebody who was called did not come."""

    party: str = text(40)
    because: str = text(1_000)


@strawberry.input
class HoldMeetingInput:
    """Who came to a joint meeting, and what all agree has happened."""

    idempotency_key: str
    meeting_id: strawberry.ID = refers_to("JointMeeting")
    came: list[str] = text(40, description=PARTIES)
    absent: list[AbsentInput] = strawberry.field(default_factory=list)
    agenda_done: list[str] = text(100, default_factory=list)
    picture: str = text(MAX_TEXT)
    held_on: dt.date | None = None
    expected_version: int


@command(
    HoldMeetingInput,
    gives="joint_meeting",
    description="Register a joint meeting: who came, and why each of the others stayed away.",
)
def hold_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a joint meeting."""
    absent = {one["party"]: one["because"] for one in values.pop("absent", [])}
    return meetings.hold_meeting(session, actor, absent=absent, **values)


@strawberry.input
class CancelMeetingInput:
    """Why a meeting is called off."""

    idempotency_key: str
    meeting_id: strawberry.ID = refers_to("JointMeeting")
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    CancelMeetingInput, gives="joint_meeting", description="Call a meeting off, with the reason."
)
def cancel_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Call a meeting off."""
    return meetings.cancel_meeting(session, actor, **values)


@strawberry.input
class PlanActionInput:
    """What somebody takes on."""

    what: str = text(MAX_TEXT)
    owner: str = text(40, description=PARTIES)
    due_on: dt.date


@strawberry.input
class MakeActionPlanInput:
    """Actions of a plan."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    meeting_id: strawberry.ID | None = refers_to("JointMeeting", default=None)
    actions: list[PlanActionInput]
    agreed_on: dt.date | None = None
    expected_version: int


@command(
    MakeActionPlanInput,
    gives="ladder",
    description="Make the action plan for staying in the home, or add to it.",
)
def make_action_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Make the action plan."""
    actions = [plans.NewAction(**one) for one in values.pop("actions")]
    return ladder_of(session, plans.make_plan(session, actor, actions=actions, **values))


@strawberry.input
class SettleActionInput:
    """What became of an action."""

    idempotency_key: str
    action_id: strawberry.ID = refers_to("LadderAction")
    outcome: str = text(20, description="done, not_done or cancelled")
    notes: str = text(MAX_TEXT, default="", description="Compulsory unless it was done.")
    settled_on: dt.date | None = None
    expected_version: int


@command(
    SettleActionInput,
    gives="ladder_action",
    description="Register that an action of the plan was done, not done or is no longer needed.",
)
def settle_action(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Settle an action."""
    return plans.settle_action(session, actor, **values)


@strawberry.input
class EndLadderInput:
    """How the trouble ended."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    outcome: str = text(20, description="corrected or closed")
    reason: str = text(MAX_TEXT)
    ended_on: dt.date | None = None
    expected_version: int


@command(EndLadderInput, gives="ladder", description="End a ladder that nobody moves out by.")
def end_ladder(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a ladder without a move-out."""
    return service.end_ladder(session, actor, **values)
