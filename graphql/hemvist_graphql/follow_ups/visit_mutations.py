"""Commands on visits: not held, in between; forms, pauses, and what is taken up again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.follow_ups import checklists, not_held, pausing, reopening, visits
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class RecordNotHeldInput:
    """A follow-up or visit that did not take place."""

    idempotency_key: str
    obligation_id: strawberry.ID = refers_to("Obligation")
    outcome: str = text(20, description="missed or impossible")
    reason: str = text(40)
    happened_on: dt.date | None = None
    tried: str | None = text(not_held.MAX_TEXT, default=None, description="What was tried.")
    notes: str | None = text(not_held.MAX_TEXT, default=None)
    expected_version: int


@command(
    RecordNotHeldInput,
    gives="missed_follow_up",
    description="Record that a recurring visit was missed, or that something was impossible. Those whom "
    "the guideline names are told.",
)
def record_not_held(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record what did not take place."""
    return not_held.record_not_held(session, actor, **values)


@strawberry.input
class RecordHomeVisitInput:
    """A visit in the home that no date of the guideline asked for."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    purpose: str = text(20, default="home_visit", description="home_visit or joint_visit")
    held_on: dt.date | None = None
    departments: list[str] = strawberry.field(description="Departments that took part.")
    parties: list[str] | None = strawberry.field(
        default=None, description="Others who took part, in the pack's words."
    )
    resident_took_part: bool
    notes: str | None = text(MAX_TEXT, default=None)


@command(
    RecordHomeVisitInput,
    gives="follow_up",
    description="Record a visit in the home besides those that are dated, or the joint one before the "
    "responsibility to follow up ends.",
)
def record_home_visit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record a home visit."""
    return visits.record_home_visit(session, actor, **values)


@strawberry.input
class SendChecklistInput:
    """A filled-in form goes to those whom the guideline names."""

    idempotency_key: str
    checklist_id: strawberry.ID = refers_to("FilledChecklist")
    sent_on: dt.date | None = None
    expected_version: int


@command(
    SendChecklistInput,
    gives="filled_checklist",
    description="Send a filled-in form to those whom the guideline names; they see it from then on.",
)
def send_checklist(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a checklist."""
    return checklists.send_checklist(session, actor, **values)


@strawberry.input
class PauseDutiesInput:
    """A time during which what recurs in a case rests."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    starts_on: dt.date
    ends_on: dt.date | None = None
    reason: str = text(40)
    codes: list[str] | None = strawberry.field(
        default=None, description="What rests; all that recurs when none is named."
    )
    notes: str | None = text(pausing.MAX_NOTES, default=None)
    expected_version: int


@command(
    PauseDutiesInput,
    gives="obligation_pause",
    description="Let what recurs in a case rest while the household cannot be met.",
)
def pause_duties(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Pause duties."""
    return pausing.pause_duties(session, actor, **values)


@strawberry.input
class EndPauseInput:
    """The last day of a pause."""

    idempotency_key: str
    pause_id: strawberry.ID = refers_to("ObligationPause")
    ends_on: dt.date | None = None
    expected_version: int


@command(EndPauseInput, gives="obligation_pause", description="End a pause on a day.")
def end_pause(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a pause."""
    return pausing.end_pause(session, actor, **values)


@strawberry.input
class NoticeSupportNeedInput:
    """That a tenant whose follow-up has ended seems to need support again."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    signs: list[str] = strawberry.field(
        description="late_rent, complaint, disturbance, care_of_flat, own_wish or other"
    )
    noticed_on: dt.date | None = None
    notes: str | None = text(reopening.MAX_NOTES, default=None)


@command(
    NoticeSupportNeedInput,
    gives="renewed_need",
    description="Register that a tenant whose follow-up has ended needs support again.",
)
def notice_support_need(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Notice a need for support."""
    return reopening.notice_support_need(session, actor, **values)


@strawberry.input
class RecordSupportTalkInput:
    """That the departments have talked about a need."""

    idempotency_key: str
    need_id: strawberry.ID = refers_to("RenewedNeed")
    departments: list[str]
    talked_on: dt.date | None = None
    expected_version: int


@command(
    RecordSupportTalkInput,
    gives="renewed_need",
    description="Register that the departments have talked about a need for support.",
)
def record_support_talk(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record a talk about support."""
    return reopening.record_support_talk(session, actor, **values)


@strawberry.input
class AnswerSupportOfferInput:
    """What the tenant answered to the offer of support."""

    idempotency_key: str
    need_id: strawberry.ID = refers_to("RenewedNeed")
    accepted: bool
    answered_on: dt.date | None = None
    expected_version: int


@command(
    AnswerSupportOfferInput,
    gives="renewed_need",
    description="Register what the tenant answered to the offer of support.",
)
def answer_support_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Answer an offer of support."""
    return reopening.answer_support_offer(session, actor, **values)


@strawberry.input
class CloseSupportNeedInput:
    """That nothing more is to be done about a need."""

    idempotency_key: str
    need_id: strawberry.ID = refers_to("RenewedNeed")
    on: dt.date | None = None
    expected_version: int


@command(
    CloseSupportNeedInput,
    gives="renewed_need",
    description="Nothing more is to be done about a need for support that was noticed.",
)
def close_support_need(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close a need for support."""
    return reopening.close_support_need(session, actor, **values)


@strawberry.input
class ReopenFollowUpInput:
    """That an ended follow-up is taken up again."""

    idempotency_key: str
    need_id: strawberry.ID = refers_to("RenewedNeed")
    on: dt.date | None = None
    expected_version: int


@command(
    ReopenFollowUpInput,
    gives="renewed_need",
    description="Take an ended follow-up up again: the guideline's rule is true, and the tenant accepts "
    "the support.",
)
def reopen_follow_up(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Reopen the follow-up."""
    return reopening.reopen_follow_up(session, actor, **values)
