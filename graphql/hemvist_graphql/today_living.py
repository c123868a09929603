"""What a day holds of life in the home: clocks, visits that did not take place, the ladder, and what one
waits for. Which rows, for whom, in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, cast, exists, select

from hemvist.arrears.models import RentAccount as AccountRow
from hemvist.arrears.time_models import RecoveryPeriod as RecoveryRow
from hemvist.arrears.time_models import RentLiability as LiabilityRow
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.commissions.models import Commission as CommissionRow
from hemvist.commissions.models import SupportReport as ReportRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.identity import Action, Actor
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.ladder.models import Eviction as EvictionRow
from hemvist.ladder.models import JointMeeting as MeetingRow
from hemvist.ladder.models import LadderAction as ActionRow
from hemvist.notices.models import Notice as NoticeRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.workdays import duties
from hemvist_graphql.choosing import Criteria, Where
from hemvist_graphql.commissions.types import SupportReport
from hemvist_graphql.decisions.types import Decision
from hemvist_graphql.incidents.types import ServiceClock
from hemvist_graphql.ladder.types import Eviction, JointMeeting, LadderAction
from hemvist_graphql.obligations.types import Obligation
from hemvist_graphql.offers.types import Offer
from hemvist_graphql.referrals.types import Referral
from hemvist_graphql.today_tasks import task_over, view_over

#: Notices that answer what the reader has asked for; the rest is for them to know.
ANSWERS = (
    *("decision_granted", "decision_refused", "decision_returned", "decision_extended"),
    *("decision_changed", "support_granted", "support_refused", "appeal_remanded"),
    *("referral_registered", "referral_returned", "offer_made", "offer_accepted"),
    *("offer_declined", "offer_accepted_by_household", "contract_signed", "guarantee_issued"),
    *("support_report_received", "takeover_answered"),
)
#: What somebody does about a ladder.
_LADDER = (Action.LADDER_KEEP, Action.LADDER_STEP)

NOT_HELD = view_over(
    Obligation,
    {
        "kind": ObligationRow.state,
        "due_on": ObligationRow.not_held_on,
        "words": ObligationRow.label,
    },
)
CLOCK = view_over(
    ServiceClock,
    {
        "kind": ClockRow.state,
        "due_on": ClockRow.due_on,
        "due_at": ClockRow.due_at,
        "words": ClockRow.label,
    },
)
REPORT = task_over(SupportReport, "read_report")
MEETING = task_over(JointMeeting, "joint_meeting", MeetingRow.meets_on)
PLANNED_ACTION = task_over(LadderAction, "ladder_action", ActionRow.due_on)
EVICTION = task_over(Eviction, "eviction", EvictionRow.evicts_on)
WAITING_DECISION = task_over(Decision, "waits_for_decision")
WAITING_REFERRAL = task_over(Referral, "waits_for_registration")
WAITING_OFFER = task_over(Offer, "waits_for_answer", OfferRow.answer_by)


def not_held(actor: Actor) -> Criteria:
    """What did not take place lately in the actor's departments, for those who answer for it."""
    theirs = duties.theirs(actor)
    return None if theirs is None else (*duties.not_held(today()), theirs)


def clocks(actor: Actor) -> Criteria:
    """Clocks that the actor's departments have to answer, run out or not."""
    own = duties.departments(
        actor, Action.FOLLOW_UP_RECORD, Action.DECISION_DECIDE, Action.INCIDENT_HANDLE
    )
    if not own:
        return None
    theirs = ClockRow.departments.op("&&", is_comparison=True)(cast(own, ARRAY(Text)))
    return (ClockRow.stopped_at.is_(None), theirs)


def from_support(actor: Actor) -> Criteria:
    """What support staff on commission have not done in time, reports too, for those who commissioned."""
    if not duties.departments(actor, Action.REPORT_RECEIVE):
        return None
    commission = exists(
        select(CommissionRow.id).where(
            CommissionRow.tenant_id == ObligationRow.tenant_id,
            CommissionRow.case_id == ObligationRow.case_id,
            CommissionRow.state == "sent",
        )
    )
    return (*duties.overdue(today()), duties.of_support_staff(), commission)


def reports_to_read(actor: Actor) -> Criteria:
    """Reports that the provider sent and nobody has read."""
    if not duties.departments(actor, Action.REPORT_RECEIVE):
        return None
    return (ReportRow.state == "sent",)


def on_the_ladder(
    criteria: Callable[[], Sequence[ColumnElement[bool]]],
) -> Where:
    """Rows of ladders, for those who keep them or take their steps."""

    def where(actor: Actor) -> Criteria:
        return tuple(criteria()) if duties.departments(actor, *_LADDER) else None

    return where


def called() -> Sequence[ColumnElement[bool]]:
    """Meetings that are called, also one that nobody has written of since."""
    return (MeetingRow.state == "called",)


def agreed() -> Sequence[ColumnElement[bool]]:
    """What was agreed and is due within two weeks, or late."""
    last = today() + dt.timedelta(days=duties.SOON_DAYS)
    return (ActionRow.state == "open", ActionRow.due_on <= last)


def dated() -> Sequence[ColumnElement[bool]]:
    """Evictions that have a day."""
    return (EvictionRow.state == "dated",)


def proposed_by_me(actor: Actor) -> Criteria:
    """Proposals of the actor's that somebody else has to decide."""
    if actor.principal_id is None or not duties.departments(actor, Action.DECISION_PROPOSE):
        return None
    return (DecisionRow.state == "proposed", DecisionRow.proposed_by == actor.principal_id)


def submitted_by_us(actor: Actor) -> Criteria:
    """Referrals of the actor's cases that the property office has to register."""
    if actor.principal_id is None or not duties.departments(actor, Action.REFERRAL_SUBMIT):
        return None
    return (ReferralRow.state == "submitted", _of_own_case(actor, ReferralRow))


def offered(actor: Actor) -> Criteria:
    """Offers that the actor made and somebody else has to answer."""
    if actor.principal_id is None or not duties.departments(actor, Action.OFFER_MAKE):
        return None
    return (OfferRow.state == "made", OfferRow.made_by == actor.principal_id)


def early_signals(actor: Actor) -> Criteria:
    """Tenancies of which a landlord's file told something early, for those who handle arrears."""
    if not duties.departments(actor, Action.ARREARS_HANDLE):
        return None
    return (AccountRow.signals != [],)


def three_weeks(actor: Actor) -> Criteria:
    """Times for winning the home back that run (JB 12:44), for those who handle arrears."""
    if not duties.departments(actor, Action.ARREARS_HANDLE):
        return None
    return (RecoveryRow.state == "running", RecoveryRow.last_on.is_not(None))


def liabilities_to_decide(actor: Actor) -> Criteria:
    """Undertakings to pay that wait for the actor's decision: not what they proposed themselves."""
    if not duties.departments(actor, Action.LIABILITY_DECIDE):
        return None
    return (
        LiabilityRow.state == "proposed",
        LiabilityRow.proposed_by.is_distinct_from(actor.principal_id),
    )


def newly_answered(_actor: Actor) -> Criteria:
    """Unread notices that answer what was asked."""
    return (NoticeRow.read_at.is_(None), NoticeRow.kind.in_(ANSWERS))


def _of_own_case(actor: Actor, model: Any) -> ColumnElement[bool]:
    return exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == model.tenant_id,
            CaseRow.id == model.case_id,
            CaseRow.handler_id == actor.principal_id,
        )
    )
