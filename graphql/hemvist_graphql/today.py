"""What the caller should do today: their departments' work, by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.referrals.models import ReferralSignature as SignatureRow
from hemvist_graphql.context import Context, Info
from hemvist_graphql.ids import global_id
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import load, pointed_at, statement_for
from hemvist_graphql.reading import Readable, computed, readable
from hemvist_graphql.refs import CaseRef, NoticeRef, PackVersionRef
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
class Task:
    """Something to do."""

    kind: str
    due_on: dt.date | None
    subject: strawberry.Private[Any]
    words: strawberry.Private[Any]

    @computed(description="The schema's type of what it is about.")
    def subject_type(self) -> str:
        """The type of what it is about."""
        return str(self.subject.reading.name)

    @computed(description="The id of what it is about.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it is about."""
        return global_id(self.subject.reading.name, self.subject.row["id"])

    @computed()
    def case(self, info: Info) -> CaseRef:
        """The case that it belongs to."""
        found: CaseRef = pointed_at(info.context, self.subject, readable("Case"), "case_id")
        return found

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be done."""
        return worded(self.words, lang, self.kind)


@strawberry.type(description="What the caller should do today.")
class Today:
    """What the caller should do today."""

    @computed(5, description="Open obligations of the caller's departments whose day has passed.")
    def overdue(self, info: Info) -> list[Task]:
        """What is late."""
        return _obligations(info.context, ObligationRow.due_on < today())

    @computed(5, description=f"Open obligations due within {SOON_DAYS} days.")
    def due_soon(self, info: Info) -> list[Task]:
        """What is due soon."""
        last = today() + dt.timedelta(days=SOON_DAYS)
        return _obligations(info.context, ObligationRow.due_on.between(today(), last))

    @computed(5, description="Referrals signed by the resident that wait for the manager.")
    def to_sign(self, info: Info) -> list[Task]:
        """Referrals to sign as manager: not one's own."""
        actor = info.context.actor
        signed = exists(
            select(SignatureRow.id).where(
                SignatureRow.tenant_id == ReferralRow.tenant_id,
                SignatureRow.referral_id == ReferralRow.id,
                SignatureRow.kind == "resident",
                SignatureRow.recorded_by.is_distinct_from(actor.principal_id),
            )
        )
        countersigned = exists(
            select(SignatureRow.id).where(
                SignatureRow.tenant_id == ReferralRow.tenant_id,
                SignatureRow.referral_id == ReferralRow.id,
                SignatureRow.kind == "manager",
            )
        )
        return _tasks(
            info.context,
            "sign_referral",
            "Referral",
            ReferralRow,
            Action.REFERRAL_SIGN_AS_MANAGER,
            (
                ReferralRow.state == "draft",
                ReferralRow.drafted_by.is_distinct_from(actor.principal_id),
                signed,
                ~countersigned,
            ),
            (ReferralRow.drafted_on, ReferralRow.id),
        )

    @computed(5, description="Proposals that the caller may decide: not their own.")
    def to_decide(self, info: Info) -> list[Task]:
        """Proposals to decide."""
        return _tasks(
            info.context,
            "decide",
            "Decision",
            DecisionRow,
            Action.DECISION_DECIDE,
            (
                DecisionRow.state == "proposed",
                DecisionRow.proposed_by.is_distinct_from(info.context.actor.principal_id),
            ),
            (DecisionRow.proposed_on, DecisionRow.id),
        )

    @computed(5, description="Submitted referrals to register or return.")
    def to_register(self, info: Info) -> list[Task]:
        """Referrals to register."""
        return _tasks(
            info.context,
            "register_referral",
            "Referral",
            ReferralRow,
            Action.REFERRAL_REGISTER,
            (ReferralRow.state == "submitted",),
            (ReferralRow.submitted_on, ReferralRow.id),
        )

    @computed(5, description="Offers that the caller's department is to answer.")
    def to_answer(self, info: Info) -> list[Task]:
        """Offers to answer."""
        return _tasks(
            info.context,
            "answer_offer",
            "Offer",
            OfferRow,
            Action.OFFER_ANSWER,
            (OfferRow.state == "made",),
            (OfferRow.answer_by, OfferRow.id),
            due="answer_by",
        )

    @computed(5, description="Referrals that the caller is writing.")
    def drafts(self, info: Info) -> list[Task]:
        """Referrals that the caller is writing."""
        return _tasks(
            info.context,
            "draft_referral",
            "Referral",
            ReferralRow,
            Action.REFERRAL_DRAFT,
            (
                ReferralRow.state == "draft",
                ReferralRow.drafted_by == info.context.actor.principal_id,
            ),
            (ReferralRow.drafted_on, ReferralRow.id),
        )

    @computed(
        5,
        description=f"The caller's investigations where nothing waits for anybody else, "
        f"oldest first; at most {MOST_CASES}.",
    )
    def to_continue(self, info: Info) -> list[CaseRef]:
        """The caller's own cases that are before the referral: nobody but them can go on."""
        context = info.context
        statement = (
            statement_for(context, readable("Case"))
            .where(
                CaseRow.handler_id == context.actor.principal_id,
                CaseRow.state == "open",
                ~_in_case(DecisionRow, DecisionRow.state == "proposed"),
                ~_in_case(ReferralRow, ReferralRow.state.in_(UNDER_WAY)),
            )
            .order_by(CaseRow.opened_on, CaseRow.id)
            .limit(MOST_CASES)
        )
        found: list[Any] = load(context, readable("Case"), statement)
        return found

    @computed(5, description="Versions of guidelines that wait for the caller's approval.")
    def to_approve(self, info: Info) -> list[PackVersionRef]:
        """Versions to approve: not what one has prepared oneself."""
        context = info.context
        if not allows(context.actor, Action.POLICY_APPROVE):
            return []
        statement = (
            statement_for(context, readable("PackVersion"))
            .where(PackVersionRow.state == "submitted")
            .order_by(PackVersionRow.submitted_at, PackVersionRow.id)
            .limit(MOST)
        )
        found: list[Any] = load(context, readable("PackVersion"), statement)
        return [one for one in found if one.decided_by_other(context)]

    @computed(5, description="Unread notices to the caller's roles, newest first.")
    def notices(self, info: Info) -> list[NoticeRef]:
        """Unread notices."""
        statement = (
            statement_for(info.context, readable("Notice"))
            .where(NoticeRow.read_at.is_(None))
            .order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc())
            .limit(MOST)
        )
        found: list[Any] = load(info.context, readable("Notice"), statement)
        return found


def _departments(actor: Actor, action: Action) -> list[str]:
    return sorted(
        membership.department
        for membership in actor.memberships
        if membership.department and action in MATRIX[membership.role]
    )


def _tasks(
    context: Context,
    kind: str,
    type_name: str,
    model: Any,
    action: Action,
    criteria: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    due: str | None = None,
) -> list[Task]:
    """The visible rows on which one of the caller's roles may take ``action``."""
    departments = _departments(context.actor, action)
    if not departments:
        return []
    cls = readable(type_name)
    statement = statement_for(context, cls).where(*criteria).order_by(*order).limit(MOST)
    if action is not Action.REFERRAL_REGISTER:
        statement = statement.where(_in_department(model, departments))
    return [_task(kind, row, due) for row in load(context, cls, statement)]


def _in_department(model: Any, departments: list[str]) -> ColumnElement[bool]:
    return exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == model.tenant_id,
            CaseRow.id == model.case_id,
            CaseRow.state == "open",
            CaseRow.department.in_(departments),
        )
    )


def _in_case(model: Any, criterion: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(model.id).where(
            model.tenant_id == CaseRow.tenant_id, model.case_id == CaseRow.id, criterion
        )
    )


def _shared_with(departments: list[str]) -> ColumnElement[bool]:
    return ObligationRow.departments.op("&&", is_comparison=True)(cast(departments, ARRAY(Text)))


def _task(kind: str, row: Readable, due: str | None) -> Task:
    return Task(kind=kind, due_on=row.row[due] if due else None, subject=row, words=TASKS.get(kind))


def _obligations(context: Context, when: ColumnElement[bool]) -> list[Task]:
    departments = _departments(context.actor, Action.FOLLOW_UP_RECORD)
    # A manager records nothing but answers for the department's dates.
    departments += _departments(context.actor, Action.DECISION_DECIDE)
    if not departments:
        return []
    cls = readable("Obligation")
    statement = (
        statement_for(context, cls)
        .where(ObligationRow.state == "open", when, _shared_with(departments))
        .order_by(ObligationRow.due_on, ObligationRow.id)
        .limit(MOST)
    )
    return [
        Task(kind=row.row["code"], due_on=row.row["due_on"], subject=row, words=row.row["label"])
        for row in load(context, cls, statement)
    ]
