"""Commands on ladders: talks, demands, meetings, plans, notices, evictions, the move-out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.assessments.service import NewAnswer
from hemvist.identity import Actor
from hemvist.ladder import demands, evictions, leaving, meetings, notices, plans, service
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.letters import sending
from hemvist.tenancy import TenantSession
from hemvist_graphql.assessments.mutations import AnswerInput
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text

_PARTIES = "In the guideline's roles: resident, property, support_worker …"
_WHY = "Why to go on where law or guideline warns."
_SERIOUS = "minor, serious or especially_serious"


def _ladder(session: TenantSession, step: LadderStep) -> Ladder:
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
    parties: list[str] = text(40, description=_PARTIES)
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
    return _ladder(session, service.record_talk(session, actor, **values))


@strawberry.input
class SendDemandInput:
    """A demand to mend, as it goes out."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT, description="What is to be put right.")
    ways: list[str] = text(40, description="letter, registered_letter, handed_over or served")
    copies: list[str] = text(40, default_factory=list, description=_PARTIES)
    sent_on: dt.date | None = None
    until_on: dt.date | None = strawberry.field(default=None, description="The last day to mend.")
    went_on_because: str = text(MAX_TEXT, default="", description=_WHY)
    expected_version: int


@command(
    SendDemandInput,
    gives="ladder",
    description="Send a demand to mend (rättelseanmaning): its letter is released with it.",
)
def send_demand(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a demand to mend."""
    return _ladder(session, sending.send_demand(session, actor, **values))


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
    return _ladder(session, demands.receive_demand(session, actor, **values))


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
    return _ladder(session, sending.notify_board(session, actor, **values))


@strawberry.input
class CallMeetingInput:
    """A joint meeting."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    called: list[str] = text(40, description=_PARTIES)
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
    came: list[str] = text(40, description=_PARTIES)
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
    owner: str = text(40, description=_PARTIES)
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
    return _ladder(session, plans.make_plan(session, actor, actions=actions, **values))


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
class GiveLadderNoticeInput:
    """A notice of the lease."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    given_on: dt.date | None = None
    ends_on: dt.date | None = strawberry.field(
        default=None, description="Another day than the lawful one."
    )
    copies: list[str] = text(40, default_factory=list, description=_PARTIES)
    served_on: dt.date | None = strawberry.field(
        default=None, description="When the tenant was served for arrears (JB 12:44)."
    )
    what: str = text(MAX_TEXT, default="")
    went_on_because: str = text(MAX_TEXT, default="", description=_WHY)
    expected_version: int


@command(
    GiveLadderNoticeInput,
    gives="ladder",
    description="Give notice of the lease; demand and notification are taken from the ladder (LF-12).",
)
def give_ladder_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give notice of the lease."""
    return _ladder(session, sending.give_notice(session, actor, **values))


@strawberry.input
class ReceiveNoticeInput:
    """Another landlord's notice, as it came to the board."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    given_on: dt.date
    ends_on: dt.date | None = None
    received_on: dt.date | None = None
    expected_version: int


@command(
    ReceiveNoticeInput,
    gives="ladder",
    description="Register a notice that another landlord has given and told the social board of.",
)
def receive_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register another landlord's notice."""
    return _ladder(session, notices.receive_notice(session, actor, **values))


@strawberry.input
class TakeBackNoticeInput:
    """Why a notice is taken back."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(TakeBackNoticeInput, gives="ladder", description="Take a notice back: the lease goes on.")
def take_back_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a notice back."""
    return _ladder(session, notices.take_back_notice(session, actor, **values))


@strawberry.input
class ApplyForEvictionInput:
    """An application for eviction."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    number: str = text(200, default="", description="Kronofogden's number of the matter.")
    applied_on: dt.date | None = None
    by_landlord: bool = strawberry.field(default=False, description="Another landlord applied.")
    expected_version: int


@command(
    ApplyForEvictionInput,
    gives="eviction",
    description="Register an application for eviction at Kronofogden.",
)
def apply_for_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register an application for eviction."""
    return evictions.apply_for_eviction(session, actor, **values)


@strawberry.input
class SetEvictionDateInput:
    """The day that Kronofogden has set."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    evicts_on: dt.date
    learned_at: dt.datetime | None = strawberry.field(
        default=None, description="When the board learned of it; now when left out."
    )
    expected_version: int


@command(
    SetEvictionDateInput,
    gives="eviction",
    description="Register the day that Kronofogden has set; it is to be confirmed the same day.",
)
def set_eviction_date(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the day of eviction."""
    return evictions.set_eviction_date(session, actor, **values)


@strawberry.input
class ConfirmEvictionDateInput:
    """The board's confirmation."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    confirmed_at: dt.datetime | None = None
    went_on_because: str = text(MAX_TEXT, default="", description="Why it is late.")
    expected_version: int


@command(
    ConfirmEvictionDateInput,
    gives="eviction",
    description="Confirm the day to Kronofogden, naming the caller as the caseworker (SFS 2025:468 11:3).",
)
def confirm_eviction_date(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Confirm the day to Kronofogden."""
    return sending.confirm_eviction_date(session, actor, **values)


@strawberry.input
class WithdrawEvictionInput:
    """Why an application was withdrawn."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawEvictionInput,
    gives="eviction",
    description="Register that an application for eviction was withdrawn or refused.",
)
def withdraw_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the application was withdrawn."""
    return evictions.withdraw_eviction(session, actor, **values)


@strawberry.input
class CarryOutEvictionInput:
    """The eviction took place."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    on: dt.date | None = None
    expected_version: int


@command(
    CarryOutEvictionInput, gives="eviction", description="Register that the eviction took place."
)
def carry_out_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the eviction took place."""
    return evictions.carry_out_eviction(session, actor, **values)


@strawberry.input
class TellOfHousingInput:
    """How the household was told of other housing."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    told_on: dt.date | None = None
    expected_version: int


@command(
    TellOfHousingInput,
    gives="ladder",
    description="Register that the household was told how to apply for other housing.",
)
def tell_of_housing(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that other housing was told of."""
    return _ladder(session, leaving.tell_of_housing(session, actor, **values))


@strawberry.input
class RegisterMoveOutInput:
    """The household has moved."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    moved_on: dt.date | None = None
    notes: str = text(MAX_TEXT, default="")
    expected_version: int


@command(
    RegisterMoveOutInput,
    gives="ladder",
    description="Register that the household has moved; the keys are in first.",
)
def register_move_out(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the move-out."""
    return leaving.register_move_out(session, actor, **values)


@strawberry.input
class ProposeNewOfferInput:
    """Whether another home may be offered."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    offer: bool
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    ProposeNewOfferInput,
    gives="ladder",
    description="Propose whether the household may be offered another home; another person decides.",
)
def propose_new_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose whether another home may be offered."""
    return leaving.propose_new_offer(session, actor, **values)


@strawberry.input
class DecideNewOfferInput:
    """The decision on another home."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    offer: bool
    because: str = text(MAX_TEXT, default="", description="Compulsory against the proposal.")
    on: dt.date | None = None
    expected_version: int


@command(
    DecideNewOfferInput,
    gives="ladder",
    description="Decide whether the household may be offered another home; never by who proposed it.",
)
def decide_new_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Decide whether another home may be offered."""
    return leaving.decide_new_offer(session, actor, **values)


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
