"""Support plans with their goals, signatures and reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, exists, select

from hemvist.identity import Actor
from hemvist.policy.support import Plan as PlanRules
from hemvist.support_plans.models import PlanGoal as GoalRow
from hemvist.support_plans.models import PlanReview as ReviewRow
from hemvist.support_plans.models import PlanSignature as SignatureRow
from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist_graphql.access import of_visible_case, plan_of_shared_follow_up, plans_of_provider
from hemvist_graphql.choosing import Criteria, listed
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import ContentField, content_field
from hemvist_graphql.pinned import (
    CASE_PACK,
    CASE_PROGRAMME,
    case_pack,
    pack_of_case,
    programme_or_none,
)
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    CaseRef,
    PlanGoalRef,
    PlanReviewRef,
    PlanSignatureRef,
    PrincipalRef,
    SupportPlanRef,
)
from hemvist_graphql.scalars import Json
from hemvist_graphql.seeing import Through

_SEEN = of_visible_case(PlanRow, plan_of_shared_follow_up, plans_of_provider)


def _of_seen_plan(model: type) -> Through:
    """Condition on a row of a plan: the plan is seen."""
    row: Any = model

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(PlanRow.id).where(
                PlanRow.tenant_id == row.tenant_id, PlanRow.id == row.plan_id, _SEEN(actor)
            )
        )

    return Through(row.plan_id, PlanRow, criterion)


@reads(GoalRow, visible=_of_seen_plan(GoalRow), case=GoalRow.case_id)
@strawberry.type(description="A goal of a plan (mål), or a sub-goal (delmål) of another.")
class PlanGoal(Node):
    """A goal of a plan, or a sub-goal of another."""

    goal: str = opened(GoalRow.goal)
    how: str = opened(GoalRow.how, description="Who does what for it.")
    state: str = column(GoalRow.state, description="open, under_way, reached or dropped")
    state_on: dt.date = column(GoalRow.state_on, description="Since when.")
    note: str = opened(GoalRow.note)
    place: int = column(GoalRow.place)
    parent: PlanGoalRef | None = to_one("PlanGoal", GoalRow.parent_id)
    plan: SupportPlanRef = to_one("SupportPlan", GoalRow.plan_id)
    version: int = column(GoalRow.version)


@reads(SignatureRow, visible=_of_seen_plan(SignatureRow), case=SignatureRow.case_id)
@strawberry.type(description="That a party signed a plan.")
class PlanSignature(Readable):
    """That a party signed a plan."""

    party: str = column(SignatureRow.party, description="resident, landlord, referring …")
    name: str = opened(SignatureRow.name)
    signed_on: dt.date = column(SignatureRow.signed_on)
    recorded_by: PrincipalRef | None = to_one("Principal", SignatureRow.recorded_by)

    id: strawberry.ID = identity()


@reads(ReviewRow, visible=_of_seen_plan(ReviewRow), case=ReviewRow.case_id)
@strawberry.type(description="That a plan was gone through, and what came of it.")
class PlanReview(Node):
    """That a plan was gone through."""

    held_on: dt.date = column(ReviewRow.held_on)
    parties: list[str] = column(ReviewRow.parties, description="Who took part.")
    own_words: str = opened(ReviewRow.own_words, description="What the household says.")
    notes: str = opened(ReviewRow.notes)
    outcome: str = column(
        ReviewRow.outcome, description="goes_on, to_be_changed or no_longer_needed"
    )
    next_on: dt.date | None = column(ReviewRow.next_on)
    recorded_by: PrincipalRef | None = to_one("Principal", ReviewRow.recorded_by)
    plan: SupportPlanRef = to_one("SupportPlan", ReviewRow.plan_id)


@strawberry.type(description="A party that the guideline has sign the plan.")
class PlanParty:
    """A party that signs the plan."""

    party: str
    cite: list[str]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Who it is."""
        return worded(self.text, lang, self.party)


def _shown(_: Actor) -> Criteria:
    # Goals of a draft's earlier wording stay on record, out of sight.
    return (GoalRow.place > 0,)


@reads(
    PlanRow,
    visible=_SEEN,
    case=PlanRow.case_id,
    also=(PlanRow.content_sealed,),
    ingredients=case_pack(PlanRow),
)
@strawberry.type(description="What the resident works towards (boendeplan), with which support.")
class SupportPlan(Node):
    """What the resident works towards, with which support."""

    kind: str = column(PlanRow.kind)
    number: int = column(PlanRow.number, description="Which version it is, from 1.")
    state: str = column(PlanRow.state, description="draft, agreed, replaced or discarded")
    own_words: str = opened(PlanRow.own_words, description="The household's own words.")
    sections: Json = opened(
        PlanRow.sections, description="Headings of their own: a list of heading and text."
    )
    review_on: dt.date | None = column(
        PlanRow.review_on, description="The day on which it is gone through."
    )
    drafted_on: dt.date | None = column(PlanRow.drafted_on)
    agreed_on: dt.date | None = column(PlanRow.agreed_on, description="Null until it holds.")
    agreed_by: PrincipalRef | None = to_one("Principal", PlanRow.agreed_by)
    case: CaseRef | None = to_one(
        "Case", PlanRow.case_id, description="Null for staff of a support provider."
    )
    version: int = column(PlanRow.version)
    goals: list[PlanGoalRef] = listed(
        "PlanGoal",
        GoalRow.plan_id,
        where=_shown,
        order=(GoalRow.place, GoalRow.id),
        description="In order; a sub-goal after its goal.",
    )
    signatures: list[PlanSignatureRef] = to_many(
        "PlanSignature", SignatureRow.plan_id, order=(SignatureRow.signed_on, SignatureRow.id)
    )
    reviews: list[PlanReviewRef] = to_many(
        "PlanReview", ReviewRow.plan_id, order=(ReviewRow.held_on, ReviewRow.id)
    )

    @computed(5, needs=(CASE_PACK, CASE_PROGRAMME, "content_sealed"), reads=False)
    def content(self, info: Info) -> list[ContentField]:
        """Every item that the pack prescribes, with what is written there."""
        rules = self._rules(info)
        if rules is None:
            return []
        written = unsealed(info, PlanRow.content, self.row["content_sealed"]) or {}
        return [
            content_field(item, required=required, value=written.get(item.id))
            for required, items in ((True, rules.requires), (False, rules.optional))
            for item in items
        ]

    @computed(
        needs=(CASE_PACK, CASE_PROGRAMME),
        reads=False,
        description="Who signs it by the guideline; nobody where it holds when it is agreed.",
    )
    def signers(self, info: Info) -> list[PlanParty]:
        """Who signs it."""
        rules = self._rules(info)
        parties = () if rules is None else rules.signatures
        return [PlanParty(party=one.by, cite=list(one.cite), text=one.label) for one in parties]

    @computed(
        needs=(CASE_PACK, CASE_PROGRAMME, "kind"),
        reads=False,
        description="What the guideline calls it, in Swedish (sv) or English (en).",
    )
    def label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the guideline calls it."""
        rules = self._rules(info)
        return worded(rules.label if rules else None, lang, self.row["kind"])

    @computed(
        needs=(CASE_PACK, CASE_PROGRAMME),
        reads=False,
        description="Whether those who make it may add headings of their own.",
    )
    def free(self, info: Info) -> bool:
        """Whether headings of one's own may be added."""
        rules = self._rules(info)
        return rules is not None and rules.free

    def _rules(self, info: Info) -> PlanRules | None:
        named = ingredient(info.context, self, CASE_PROGRAMME)
        programme = programme_or_none(pack_of_case(info.context, self), named)
        return programme.plan if programme else None
