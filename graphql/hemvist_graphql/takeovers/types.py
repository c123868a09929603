"""Takeovers of leases, what stands between, and absences from the home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import strawberry

from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.takeovers import checks as checking
from hemvist.takeovers.asked_models import TakeoverReply as ReplyRow
from hemvist.takeovers.asked_models import TakeoverShown as ShownRow
from hemvist.takeovers.models import Absence as AbsenceRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist.takeovers.models import TakeoverStep as StepRow
from hemvist_graphql.access import for_own_department, of_visible_case
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import find_many
from hemvist_graphql.me.types import Principal
from hemvist_graphql.pinned import CASE_PACK, case_pack, label_in, pack_of_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    CaseRef,
    ContractRef,
    PrincipalRef,
    TakeoverFigureRef,
    TakeoverReplyRef,
    TakeoverStepRef,
)
from hemvist_graphql.scalars import Json


@strawberry.type(description="A fact that a condition looks at, with how it is known.")
class TakeoverEvidence:
    """A fact that a condition looks at."""

    fact: str
    value: Json | None
    from_record: bool = strawberry.field(description="The record answers it; nobody is asked.")
    source: str | None
    answered_by: Principal | None
    answered_on: dt.date | None
    text: strawberry.Private[Any]
    options: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The fact in words."""
        return worded(self.text, lang, self.fact)

    @computed(description="What was chosen, in words; null where nothing was chosen from a list.")
    def value_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The options that the value names."""
        value: Any = self.value
        chosen = value if isinstance(value, list | tuple) else [value]
        known = [one for one in chosen if isinstance(one, str) and one in self.options]
        return ", ".join(worded(self.options[one], lang, one) for one in known) or None


@strawberry.type(description="One condition of a takeover.")
class TakeoverCheck:
    """One condition of a takeover."""

    code: str
    cite: list[str]
    outcome: str = strawberry.field(description="true, false or unknown")
    way: str = strawberry.field(
        description="auto (the record says), manual (a person has answered) or unavailable"
    )
    evidence: list[TakeoverEvidence]
    text: strawberry.Private[Any]
    ways: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The condition in words."""
        return worded(self.text, lang, self.code)

    @computed(description="What this is one of several ways to, any one of which is enough.")
    def one_of(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What any one of several conditions is enough for; null for one that is needed."""
        return None if self.ways is None else worded(self.ways, lang, self.code)


@reads(
    TakeoverRow,
    visible=of_visible_case(TakeoverRow),
    case=TakeoverRow.case_id,
    also=(TakeoverRow.programme,),
    ingredients=case_pack(TakeoverRow),
)
@strawberry.type(description="The way of a contract to the resident's own lease (överlåtelse).")
class Takeover(Node):
    """The way of a contract to the resident's own lease."""

    state: str = column(
        TakeoverRow.state,
        description="waiting, asked, agreed, refused, tribunal, done or closed",
    )
    programme: str = column(TakeoverRow.programme)
    earliest_on: dt.date | None = column(
        TakeoverRow.earliest_on, description="By the guideline's time and the absences."
    )
    eligible_on: dt.date | None = column(
        TakeoverRow.eligible_on, description="The later of earliestOn and postponedUntil."
    )
    postponed_until: dt.date | None = column(TakeoverRow.postponed_until)
    postponed_because: str = opened(TakeoverRow.postponed_because)
    postponed_by: PrincipalRef | None = to_one("Principal", TakeoverRow.postponed_by)
    requested_on: dt.date | None = column(TakeoverRow.requested_on)
    requested_by: PrincipalRef | None = to_one("Principal", TakeoverRow.requested_by)
    answered_on: dt.date | None = column(TakeoverRow.answered_on)
    answer_reason: str = opened(TakeoverRow.answer_reason)
    tribunal_applied_on: dt.date | None = column(TakeoverRow.tribunal_applied_on)
    tribunal_decided_on: dt.date | None = column(TakeoverRow.tribunal_decided_on)
    tribunal_number: str = column(TakeoverRow.tribunal_number)
    taken_over_on: dt.date | None = column(TakeoverRow.taken_over_on)
    case: CaseRef = to_one("Case", TakeoverRow.case_id)
    contract: ContractRef = to_one("Contract", TakeoverRow.contract_id)
    lease: ContractRef | None = to_one("Contract", TakeoverRow.lease_id)
    version: int = column(TakeoverRow.version)
    steps_taken: list[TakeoverStepRef] = to_many(
        "TakeoverStep", StepRow.takeover_id, order=(StepRow.done_on, StepRow.id)
    )
    figures_shown: list[TakeoverFigureRef] = to_many(
        "TakeoverFigure", ShownRow.takeover_id, order=(ShownRow.requested_on, ShownRow.id)
    )
    replies: list[TakeoverReplyRef] = to_many(
        "TakeoverReply", ReplyRow.takeover_id, order=(ReplyRow.replied_at, ReplyRow.id)
    )

    @computed(
        50,
        description="What stands between, in the guideline's order; empty when it is done or closed.",
    )
    def checks(self, info: Info, on: dt.date | None = None) -> list[TakeoverCheck]:
        """The conditions of the takeover on a day, today when none is given."""
        if self.row["state"] in ("done", "closed"):
            return []
        context = info.context
        case = context.session.find(CaseRow, self.row["case_id"])
        return _shown(context, checking.checks(context.session, case, on or today()))


@reads(
    StepRow,
    visible=of_visible_case(StepRow),
    case=StepRow.case_id,
    also=(StepRow.case_id,),
    ingredients=case_pack(StepRow),
)
@strawberry.type(description="A step of a takeover that was taken.")
class TakeoverStep(Node):
    """A step of a takeover that was taken."""

    code: str = column(StepRow.code, description="The pack's name for it.")
    done_on: dt.date = column(StepRow.done_on)
    notes: str = opened(StepRow.notes)
    recorded_by: PrincipalRef | None = to_one("Principal", StepRow.recorded_by)

    @computed(
        needs=(CASE_PACK, "code"), reads=False, description="In Swedish (sv) or English (en)."
    )
    def label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The pack's words for it."""
        steps = [
            step
            for programme in pack_of_case(info.context, self).programmes.values()
            if programme.takeover is not None
            for step in programme.takeover.steps
        ]
        return worded(label_in(steps, self.row["code"]), lang, self.row["code"])


@reads(AbsenceRow, visible=of_visible_case(AbsenceRow), case=AbsenceRow.case_id)
@strawberry.type(description="A longer absence from the home (frånvaro); both days are absent.")
class Absence(Node):
    """A longer absence from the home."""

    began_on: dt.date = column(AbsenceRow.began_on)
    ended_on: dt.date | None = column(AbsenceRow.ended_on, description="Null while it lasts.")
    reason: str | None = expressed(
        "reason",
        for_own_department(AbsenceRow, AbsenceRow.reason),
        description="For the department that has the case.",
    )
    approved: bool = column(AbsenceRow.approved)
    contract: ContractRef = to_one("Contract", AbsenceRow.contract_id)
    recorded_by: PrincipalRef | None = to_one("Principal", AbsenceRow.recorded_by)
    version: int = column(AbsenceRow.version)


def _shown(context: Context, found: Iterable[checking.Check]) -> list[TakeoverCheck]:
    found = list(found)
    people = find_many(
        context,
        Principal,
        [
            one.answer.answered_by
            for check in found
            for one in check.evidence
            if one.answer is not None and one.answer.answered_by is not None
        ],
    )
    return [
        TakeoverCheck(
            code=check.id,
            cite=list(check.cite),
            outcome=check.outcome,
            way=check.way,
            text=check.label,
            ways=check.one_of,
            evidence=[
                TakeoverEvidence(
                    fact=one.fact,
                    value=one.value,
                    from_record=one.from_record,
                    source=None if one.answer is None else one.answer.source,
                    answered_by=None
                    if one.answer is None or one.answer.answered_by is None
                    else people.get(one.answer.answered_by),
                    answered_on=None if one.answer is None else one.answer.effective_on,
                    text=one.label,
                    options=one.options,
                )
                for one in check.evidence
            ],
        )
        for check in found
    ]
