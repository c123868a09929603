"""What the caller should do today: their departments' work, by role.

Every list is declared: which rows, for whom, in which order, how many at most. So the whole page
can be one statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from sqlalchemy import ARRAY, ColumnElement, Text, cast, exists, select

from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.identity import MATRIX, Action, Actor, allows
from hemvist.notices.models import Notice as NoticeRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.pack_versions.access import prepared_by_others
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.referrals.models import ReferralSignature as SignatureRow
from hemvist_graphql.choosing import Criteria, Where, listed
from hemvist_graphql.decisions.types import Decision
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.obligations.types import Obligation
from hemvist_graphql.offers.types import Offer
from hemvist_graphql.reading import Readable, computed, identity
from hemvist_graphql.referrals.types import Referral
from hemvist_graphql.refs import CaseRef, NoticeRef, PackVersionRef
from hemvist_graphql.views import NO_DAY, keyed, keyed_one, over, word, words
from hemvist_graphql.wording import TASKS

#: How many days ahead something is due soon.
SOON_DAYS = 14
#: Rows of one heading; the lists have the rest.
MOST = 100
#: Investigations to go on with: enough for a day.
MOST_CASES = 10
#: A referral that is being written, waits, or has led to a home: it has its own place in the list.
UNDER_WAY = ("draft", "submitted", "registered", "extended", "fulfilled")


@strawberry.type(description="Something to do.")
class Task(Readable):
    """Something to do: a view of what is to be done something with."""

    kind: str = keyed("kind")
    due_on: dt.date | None = keyed("due_on")
    subject_type: str = keyed("subject_type", description="The schema's type of what it is about.")
    subject_id: strawberry.ID = identity(description="The id of what it is about.")
    case: CaseRef = keyed_one("Case", "case_id", description="The case that it belongs to.")

    @computed(needs=("kind", "words"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be done."""
        return worded(self.row["words"], lang, self.row["kind"])


def _task(subject: type[Readable], kind: str, due: Any = NO_DAY) -> type[Task]:
    """A task of one kind over rows of ``subject``."""
    keys = {"kind": word(kind), "due_on": due, "words": words(TASKS.get(kind))}
    return _over(subject, keys)


def _over(subject: type[Readable], keys: dict[str, Any]) -> type[Task]:
    return over(Task, subject, {"subject_type": word(subject.reading.name), **keys})


#: What an obligation is called stands in its row.
_DUTY = _over(
    Obligation,
    {"kind": ObligationRow.code, "due_on": ObligationRow.due_on, "words": ObligationRow.label},
)


def _departments(actor: Actor, action: Action) -> list[str]:
    return sorted(
        membership.department
        for membership in actor.memberships
        if membership.department and action in MATRIX[membership.role]
    )


def _due(when: Callable[[], ColumnElement[bool]]) -> Where:
    def where(actor: Actor) -> Criteria:
        departments = _departments(actor, Action.FOLLOW_UP_RECORD)
        # A manager records nothing but answers for the department's dates.
        departments += _departments(actor, Action.DECISION_DECIDE)
        if not departments:
            return None
        theirs = cast(departments, ARRAY(Text))
        shared = ObligationRow.departments.op("&&", is_comparison=True)(theirs)
        return (ObligationRow.state == "open", when(), shared)

    return where


def _soon() -> ColumnElement[bool]:
    return ObligationRow.due_on.between(today(), today() + dt.timedelta(days=SOON_DAYS))


def _in_own_department(
    model: Any, action: Action, criteria: Callable[[Actor], Sequence[ColumnElement[bool]]]
) -> Where:
    """Rows of open cases of the departments in which a role of the actor may take ``action``."""

    def where(actor: Actor) -> Criteria:
        departments = _departments(actor, action)
        if not departments:
            return None
        in_department = exists(
            select(CaseRow.id).where(
                CaseRow.tenant_id == model.tenant_id,
                CaseRow.id == model.case_id,
                CaseRow.state == "open",
                CaseRow.department.in_(departments),
            )
        )
        return (*criteria(actor), in_department)

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
        if _departments(actor, Action.REFERRAL_REGISTER)
        else None
    )


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
        _DUTY,
        where=_due(lambda: ObligationRow.due_on < today()),
        order=(ObligationRow.due_on, ObligationRow.id),
        limit=MOST,
        weight=5,
        description="Open obligations of the caller's departments whose day has passed.",
    )
    due_soon: list[Task] = listed(
        _DUTY,
        where=_due(_soon),
        order=(ObligationRow.due_on, ObligationRow.id),
        limit=MOST,
        weight=5,
        description=f"Open obligations due within {SOON_DAYS} days.",
    )
    to_sign: list[Task] = listed(
        _task(Referral, "sign_referral"),
        where=_in_own_department(ReferralRow, Action.REFERRAL_SIGN_AS_MANAGER, _waits_for_manager),
        order=(ReferralRow.drafted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Referrals signed by the resident that wait for the manager.",
    )
    to_decide: list[Task] = listed(
        _task(Decision, "decide"),
        where=_in_own_department(
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
        _task(Referral, "register_referral"),
        where=_submitted,
        order=(ReferralRow.submitted_on, ReferralRow.id),
        limit=MOST,
        weight=5,
        description="Submitted referrals to register or return.",
    )
    to_answer: list[Task] = listed(
        _task(Offer, "answer_offer", OfferRow.answer_by),
        where=_in_own_department(
            OfferRow, Action.OFFER_ANSWER, lambda _: (OfferRow.state == "made",)
        ),
        order=(OfferRow.answer_by, OfferRow.id),
        limit=MOST,
        weight=5,
        description="Offers that the caller's department is to answer.",
    )
    drafts: list[Task] = listed(
        _task(Referral, "draft_referral"),
        where=_in_own_department(
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
