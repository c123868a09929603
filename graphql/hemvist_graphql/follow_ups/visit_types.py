"""What did not take place, forms that were filled in, pauses, and a need for support that shows again."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast

from hemvist.cases.access import reading_departments
from hemvist.deadlines.models import ObligationPause as PauseRow
from hemvist.follow_ups.models import FilledChecklist as ChecklistRow
from hemvist.follow_ups.models import MissedFollowUp as MissedRow
from hemvist.follow_ups.models import RenewedNeed as NeedRow
from hemvist.identity import Action, Actor
from hemvist_graphql.access import for_own_department, of_own_case, of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import CaseRef, FollowUpRef, ObligationRef, PrincipalRef
from hemvist_graphql.scalars import Json


def _told(column: Any) -> Any:
    """Condition: one of the departments in ``column`` is one that the actor reads disclosed cases in."""

    def condition(actor: Actor) -> ColumnElement[bool]:
        _, disclosed = reading_departments(actor, Action.CASE_READ)
        found: ColumnElement[bool] = column.op("&&", is_comparison=True)(
            cast(sorted(disclosed), ARRAY(Text))
        )
        return found

    return condition


def _sent(actor: Actor) -> ColumnElement[bool]:
    return and_(ChecklistRow.sent_on.is_not(None), _told(ChecklistRow.sent_to)(actor))


@reads(MissedRow, visible=of_visible_case(MissedRow, _told(MissedRow.told)), case=MissedRow.case_id)
@strawberry.type(description="A follow-up or visit that did not take place (uteblivet besök).")
class MissedFollowUp(Node):
    """A follow-up or visit that did not take place."""

    outcome: str = column(MissedRow.outcome, description="missed or impossible")
    reason: str | None = opened(
        MissedRow.reason,
        partial(for_own_department, MissedRow),
        description="Only for the department that has the case.",
    )
    happened_on: dt.date = column(MissedRow.happened_on)
    tried: str | None = opened(
        MissedRow.tried,
        partial(for_own_department, MissedRow),
        description="What was tried; only for the department that has the case.",
    )
    notes: str | None = opened(
        MissedRow.notes,
        partial(for_own_department, MissedRow),
        description="Only for the department that has the case.",
    )
    told: list[str] = column(MissedRow.told, description="Departments that were told of it.")
    recorded_by: PrincipalRef | None = to_one("Principal", MissedRow.recorded_by)
    obligation: ObligationRef = to_one("Obligation", MissedRow.obligation_id)
    case: CaseRef = to_one("Case", MissedRow.case_id)


@strawberry.type(description="A line of a filled-in form.")
class ChecklistLine:
    """A line of a filled-in form."""

    id: str
    kind: str
    value: Json | None
    remark: str
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the line asks."""
        return worded(self.text, lang, self.id)


@reads(
    ChecklistRow,
    visible=of_visible_case(ChecklistRow, _sent),
    case=ChecklistRow.case_id,
    also=(ChecklistRow.items_sealed,),
)
@strawberry.type(description="A form of the guideline, filled in at a follow-up.")
class FilledChecklist(Node):
    """A form of the guideline, filled in at a follow-up."""

    code: str = column(ChecklistRow.code, description="The pack's id of its obligation.")
    filled_on: dt.date = column(ChecklistRow.filled_on)
    sent_on: dt.date | None = column(ChecklistRow.sent_on)
    sent_to: list[str] = column(ChecklistRow.sent_to, description="Departments that have it.")
    version: int = column(ChecklistRow.version)
    follow_up: FollowUpRef | None = to_one("FollowUp", ChecklistRow.follow_up_id)
    sent_by: PrincipalRef | None = to_one("Principal", ChecklistRow.sent_by)
    case: CaseRef = to_one("Case", ChecklistRow.case_id)

    @computed(needs=("items_sealed",), reads=False, description="Its lines, as they were asked.")
    def lines(self, info: Info) -> list[ChecklistLine]:
        """Its lines, as they were asked."""
        return [
            ChecklistLine(
                id=one["id"],
                kind=one["kind"],
                value=None if one["value"] is None else Json(one["value"]),
                remark=one["remark"],
                text=one["label"],
            )
            for one in unsealed(info, ChecklistRow.items, self.row["items_sealed"]) or ()
        ]


@reads(PauseRow, visible=of_own_case(PauseRow), case=PauseRow.case_id)
@strawberry.type(description="A time during which what recurs in a case rests.")
class ObligationPause(Node):
    """A time during which what recurs in a case rests."""

    starts_on: dt.date = column(PauseRow.starts_on)
    ends_on: dt.date | None = column(PauseRow.ends_on, description="Null while it lasts.")
    reason: str = column(PauseRow.reason)
    codes: list[str] = column(PauseRow.codes, description="What rests; empty for all that recurs.")
    notes: str = opened(PauseRow.notes)
    version: int = column(PauseRow.version)
    registered_by: PrincipalRef | None = to_one("Principal", PauseRow.registered_by)
    case: CaseRef = to_one("Case", PauseRow.case_id)


@reads(NeedRow, visible=of_visible_case(NeedRow), case=NeedRow.case_id)
@strawberry.type(description="A tenant whose follow-up has ended needs support again.")
class RenewedNeed(Node):
    """A tenant whose follow-up has ended needs support again."""

    state: str = column(
        NeedRow.state, description="noticed, talked, accepted, declined, reopened or closed"
    )
    noticed_on: dt.date = column(NeedRow.noticed_on)
    signs: list[str] = column(NeedRow.signs, description="What the landlord's side saw.")
    notes: str = opened(NeedRow.notes)
    noticed_by: PrincipalRef | None = to_one("Principal", NeedRow.noticed_by)
    talked_on: dt.date | None = column(NeedRow.talked_on)
    talked: list[str] = column(NeedRow.talked, description="Departments that talked.")
    answered_on: dt.date | None = column(NeedRow.answered_on)
    reopened_on: dt.date | None = column(NeedRow.reopened_on)
    reopened_by: PrincipalRef | None = to_one("Principal", NeedRow.reopened_by)
    version: int = column(NeedRow.version)
    case: CaseRef = to_one("Case", NeedRow.case_id)
