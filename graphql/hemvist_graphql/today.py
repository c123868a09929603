"""What the caller should do today: their departments' work, by role.

Every list is declared: which rows, for whom, in which order, how many at most. So the whole page
can be one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, exists, select

from hemvist.arrears.models import RentAccount as AccountRow
from hemvist.arrears.time_models import RecoveryPeriod as RecoveryRow
from hemvist.arrears.time_models import RentLiability as LiabilityRow
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.commissions.models import SupportReport as ReportRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.handovers.models import Handover as HandoverRow
from hemvist.identity import Action, Actor, allows
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.ladder.models import Eviction as EvictionRow
from hemvist.ladder.models import JointMeeting as MeetingRow
from hemvist.ladder.models import LadderAction as ActionRow
from hemvist.notices.models import Notice as NoticeRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.pack_versions.access import prepared_by_others
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.referrals.models import ReferralSignature as SignatureRow
from hemvist.transfers.models import TransferRequest as TransferRequestRow
from hemvist.transfers.proposal_models import TransferProposal as ProposalRow
from hemvist.vacancies.models import Vacancy as VacancyRow
from hemvist.workdays import duties
from hemvist_graphql import today_living as living
from hemvist_graphql import today_moves as moves
from hemvist_graphql.choosing import Criteria, Where, listed
from hemvist_graphql.decisions.types import Decision
from hemvist_graphql.offers.types import Offer
from hemvist_graphql.referrals.types import Referral
from hemvist_graphql.refs import (
    CaseRef,
    HandoverRef,
    NoticeRef,
    PackVersionRef,
    RecoveryPeriodRef,
    RentAccountRef,
    RentLiabilityRef,
    TransferProposalRef,
    TransferRequestRef,
    VacancyRef,
)
from hemvist_graphql.today_tasks import DUTY, Task, in_own_department, task_over

#: Rows of one heading; the lists have the rest.
MOST = 100
#: Investigations to go on with: enough for a day.
MOST_CASES = 10
#: Early signals and times for winning back: enough to begin the day with.
MOST_SIGNALS = 10
#: Protected moves: a kommun has few.
MOST_MOVES = 20
#: A referral that is being written, waits, or has led to a home: it has its own place in the list.
UNDER_WAY = ("draft", "submitted", "registered", "extended", "fulfilled")


def _due(when: Callable[[], Sequence[ColumnElement[bool]]]) -> Where:
    def where(actor: Actor) -> Criteria:
        theirs = duties.theirs(actor)
        return None if theirs is None else (*when(), theirs)

    return where


def _signed(*criteria: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(SignatureRow.id).where(
            SignatureRow.tenant_id == ReferralRow.tenant_id,
            SignatureRow.referral_id == ReferralRow.id,
            *criteria,
        )
    )


def _waits_for_manager(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Signed by the resident, and not one's own: neither written nor taken by the actor."""
    me = actor.principal_id
    return (
        ReferralRow.state == "draft",
        ReferralRow.drafted_by.is_distinct_from(me),
        _signed(SignatureRow.kind == "resident", SignatureRow.recorded_by.is_distinct_from(me)),
        ~_signed(SignatureRow.kind == "manager"),
    )


def _submitted(actor: Actor) -> Criteria:
    """Whatever was disclosed to the property office: of any department's cases."""
    return (
        (ReferralRow.state == "submitted",)
        if duties.departments(actor, Action.REFERRAL_REGISTER)
        else None
    )


def _reported(actor: Actor) -> Criteria:
    return (VacancyRow.state == "reported",) if allows(actor, Action.VACANCY_TAKE_IN) else None


def _in_case(model: Any, criterion: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(model.id).where(
            model.tenant_id == CaseRow.tenant_id, model.case_id == CaseRow.id, criterion
        )
    )


def _own_investigations(actor: Actor) -> Criteria:
    """The actor's own cases that are before the referral: nobody but them can go on."""
    return (
        CaseRow.handler_id == actor.principal_id,
        CaseRow.state == "open",
        ~_in_case(DecisionRow, DecisionRow.state == "proposed"),
        ~_in_case(ReferralRow, ReferralRow.state.in_(UNDER_WAY)),
    )


def _waits_for_approval(actor: Actor) -> Criteria:
    """Not what one has prepared oneself."""
    if not allows(actor, Action.POLICY_APPROVE):
        return None
    return (PackVersionRow.state == "submitted", prepared_by_others(actor))


@strawberry.type(description="What the caller should do today.")
class Today:
    """What the caller should do today."""

    overdue: list[Task] = listed(
        DUTY,
        where=_due(lambda: duties.overdue(today())),
        order=(ObligationRow.due_on, ObligationRow.id),
        limit=MOST,
        weight=5,
        description="Open obligations of the caller's departments whose day has passed.",
    )
    due_soon: list[Task] = listed(
        DUTY,
        where=_due(lambda: duties.soon(today())),
        order=(ObligationRow.due_on, ObligationRow.id),
        limit=MOST,
        weight=5,
        description=f"Open obligations due within {duties.SOON_DAYS} days.",
    )
    clocks: list[Task] = listed(
        living.CLOCK,
        where=living.clocks,
        order=(ClockRow.due_at, ClockRow.id),
        limit=MOST,
        weight=5,
        description="Clocks of service that the caller's departments have to answer, also run out.",
    )
    transfers_to_answer: list[TransferProposalRef] = listed(
        "TransferProposal",
        where=moves.to_answer,
        order=(ProposalRow.answer_by, ProposalRow.id),
        limit=MOST_MOVES,
        weight=5,
        description="Proposed protected moves that the caller's function has to answer, the nearest"
        " end first.",
    )
    transfers_to_open: list[TransferRequestRef] = listed(
        "TransferRequest",
        where=moves.to_open,
        order=(TransferRequestRow.prepared_on, TransferRequestRow.id),
        limit=MOST_MOVES,
        weight=5,
        description="Requests for a protected move that somebody else has prepared.",
    )
    transfers_to_hand_over: list[TransferProposalRef] = listed(
        "TransferProposal",
        where=moves.to_hand_over,
        order=(ProposalRow.agreed_at, ProposalRow.id),
        limit=MOST_MOVES,
        weight=5,
        description="Protected moves that are agreed on and whose handover nobody has begun.",
    )
    handovers_to_go_on: list[HandoverRef] = listed(
        "Handover",
        where=moves.to_go_on,
        order=(HandoverRow.started_on, HandoverRow.id),
        limit=MOST_MOVES,
        weight=5,
        description="Handovers that the caller is named for, with a step or a line left.",
    )
    not_held: list[Task] = listed(
        living.NOT_HELD,
        where=living.not_held,
        order=(ObligationRow.not_held_on.desc(), ObligationRow.id),
        limit=MOST,
        weight=5,
        description=f"Visits and follow-ups that were missed or impossible in the last "
        f"{duties.NOT_HELD_DAYS} days.",
    )
    evictions: list[Task] = listed(
        living.EVICTION,
        where=living.on_the_ladder(living.dated),
        order=(EvictionRow.evicts_on, EvictionRow.id),
        limit=MOST,
        weight=5,
        description="Evictions that have a day.",
    )
    ladder_meetings: list[Task] = listed(
        living.MEETING,
        where=living.on_the_ladder(living.called),
        order=(MeetingRow.meets_on, MeetingRow.id),
        limit=MOST,
        weight=5,
        description="Joint meetings that are called.",
    )
    ladder_actions: list[Task] = listed(
        living.PLANNED_ACTION,
        where=living.on_the_ladder(living.agreed),
        order=(ActionRow.due_on, ActionRow.id),
        limit=MOST,
        weight=5,
        description="What was agreed in action plans and is due within two weeks, or late.",
    )
    early_signals: list[RentAccountRef] = listed(
        "RentAccount",
        where=living.early_signals,
        order=(AccountRow.balance_ore.desc(), AccountRow.id),
        limit=MOST_SIGNALS,
        weight=5,
        description=f"Tenancies with an early signal of arrears, the largest debt first; at most "
        f"{MOST_SIGNALS}.",
    )
    three_weeks: list[RecoveryPeriodRef] = listed(
        "RecoveryPeriod",
        where=living.three_weeks,
        order=(RecoveryRow.last_on, RecoveryRow.id),
        limit=MOST_SIGNALS,
        weight=5,
        description="Times for winning a home back that run (JB 12:44), the nearest end first.",
    )
    liabilities_to_decide: list[RentLiabilityRef] = listed(
        "RentLiability",
        where=living.liabilities_to_decide,
        order=(LiabilityRow.proposed_on, LiabilityRow.id),
        limit=MOST_SIGNALS,
        weight=5,
        description="Undertakings to pay that the caller may decide: not their own.",
    )
    from_support: list[Task] = listed(
        DUTY,
        where=living.from_support,
        order=(ObligationRow.due_on, ObligationRow.id),
        limit=MOST,
        weight=5,
        description="What support staff on commission have not done in time, such as their reports.",
    )
    reports_to_read: list[Task] = listed(
        living.REPORT,
        where=living.reports_to_read,
        order=(ReportRow.sent_on, ReportRow.id),
        limit=MOST,
        weight=5,
        description="Reports of support providers that nobody has read.",
    )
    waiting_decisions: list[Task] = listed(
        living.WAITING_DECISION,
        where=living.proposed_by_me,
        order=(DecisionRow.proposed_on, DecisionRow.id),
        limit=MOST,
        weight=5,
        description="The caller's proposals that somebody else has to decide.",
    )
    waiting_referrals: list[Task] = listed(
        living.WAITING_REFERRAL,
        where=living.submitted_by_us,
        order=(ReferralRow.submitted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Referrals of the caller's cases that the property office has to register.",
    )
    waiting_offers: list[Task] = listed(
        living.WAITING_OFFER,
        where=living.offered,
        order=(OfferRow.answer_by, OfferRow.id),
        limit=MOST,
        weight=5,
        description="Offers that the caller made and somebody else has to answer.",
    )
    newly_answered: list[NoticeRef] = listed(
        "Notice",
        where=living.newly_answered,
        order=(NoticeRow.created_at.desc(), NoticeRow.id.desc()),
        limit=MOST,
        weight=5,
        description="Unread notices that answer what the caller has asked for, newest first.",
    )
    to_sign: list[Task] = listed(
        task_over(Referral, "sign_referral"),
        where=in_own_department(ReferralRow, Action.REFERRAL_SIGN_AS_MANAGER, _waits_for_manager),
        order=(ReferralRow.drafted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Referrals signed by the resident that wait for the manager.",
    )
    to_decide: list[Task] = listed(
        task_over(Decision, "decide"),
        where=in_own_department(
            DecisionRow,
            Action.DECISION_DECIDE,
            lambda actor: (
                DecisionRow.state == "proposed",
                DecisionRow.proposed_by.is_distinct_from(actor.principal_id),
            ),
        ),
        order=(DecisionRow.proposed_on, DecisionRow.id),
        limit=MOST,
        weight=5,
        description="Proposals that the caller may decide: not their own.",
    )
    to_register: list[Task] = listed(
        task_over(Referral, "register_referral"),
        where=_submitted,
        order=(ReferralRow.submitted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Submitted referrals to register or return.",
    )
    vacancies_to_answer: list[VacancyRef] = listed(
        "Vacancy",
        where=_reported,
        order=(VacancyRow.reported_at, VacancyRow.id),
        limit=MOST_SIGNALS,
        weight=5,
        description=f"Homes that landlords have reported and that wait for an answer; at most "
        f"{MOST_SIGNALS}.",
    )
    to_answer: list[Task] = listed(
        task_over(Offer, "answer_offer", OfferRow.answer_by),
        where=in_own_department(
            OfferRow, Action.OFFER_ANSWER, lambda _: (OfferRow.state == "made",)
        ),
        order=(OfferRow.answer_by, OfferRow.id),
        limit=MOST,
        weight=5,
        description="Offers that the caller's department is to answer.",
    )
    drafts: list[Task] = listed(
        task_over(Referral, "draft_referral"),
        where=in_own_department(
            ReferralRow,
            Action.REFERRAL_DRAFT,
            lambda actor: (
                ReferralRow.state == "draft",
                ReferralRow.drafted_by == actor.principal_id,
            ),
        ),
        order=(ReferralRow.drafted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Referrals that the caller is writing.",
    )
    to_continue: list[CaseRef] = listed(
        "Case",
        where=_own_investigations,
        order=(CaseRow.opened_on, CaseRow.id),
        limit=MOST_CASES,
        weight=5,
        description=f"The caller's investigations where nothing waits for anybody else, "
        f"oldest first; at most {MOST_CASES}.",
    )
    to_approve: list[PackVersionRef] = listed(
        "PackVersion",
        where=_waits_for_approval,
        order=(PackVersionRow.submitted_at, PackVersionRow.id),
        limit=MOST,
        weight=5,
        description="Versions of guidelines that wait for the caller's approval.",
    )
    notices: list[NoticeRef] = listed(
        "Notice",
        where=lambda _: (NoticeRow.read_at.is_(None),),
        order=(NoticeRow.created_at.desc(), NoticeRow.id.desc()),
        limit=MOST,
        weight=5,
        description="Unread notices to the caller's roles, newest first.",
    )
