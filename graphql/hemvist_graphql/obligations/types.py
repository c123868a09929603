"""Obligations: what somebody must have done by a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.clock import today
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.follow_ups.models import FollowUp as FollowUpRow
from hemvist.follow_ups.models import MissedFollowUp as MissedRow
from hemvist.policy import Obligation as Duty
from hemvist_graphql.access import duties_of_provider, for_own_department, of_visible_case
from hemvist_graphql.choosing import first_of
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.packs.items import ContentField, Option, content_field
from hemvist_graphql.pinned import carried_out_by_follow_up, pack_of_row, programme_or_none
from hemvist_graphql.reading import Node, column, computed, expressed, reads, to_one
from hemvist_graphql.refs import CaseRef, FollowUpRef, MissedFollowUpRef

#: Lines of a form that may be left empty.
_TEXTS = ("text", "long_text")
_PINNED = ("pack", "pack_version", "programme", "code")


def _duty(context: Context, row: Any) -> Duty | None:
    """The duty that the pack of the row's version has of it."""
    programme = programme_or_none(pack_of_row(context, row), row["programme"])
    duties = () if programme is None else programme.obligations
    return next((duty for duty in duties if duty.id == row["code"]), None)


@reads(
    ObligationRow,
    visible=of_visible_case(ObligationRow, for_provider=duties_of_provider),
    case=ObligationRow.case_id,
    also=(
        ObligationRow.label,
        ObligationRow.agenda,
        ObligationRow.creates,
        ObligationRow.programme,
        ObligationRow.pack,
        ObligationRow.pack_version,
    ),
)
@strawberry.type(description="Something that somebody must have done by a day.")
class Obligation(Node):
    """Something that somebody must have done by a day."""

    code: str = column(ObligationRow.code, description="The pack's id of it.")
    ordinal: int = column(ObligationRow.ordinal, description="Which one of a row, from 1.")
    due_on: dt.date = column(ObligationRow.due_on)
    by: list[str] = column(ObligationRow.by, description="Parties: referring, property …")
    departments: list[str] = column(ObligationRow.departments)
    cite: str = column(ObligationRow.cite)
    participants: list[str] = column(
        ObligationRow.participants, description="Parties who join when needed."
    )
    state: str = column(
        ObligationRow.state, description="open, done, missed, impossible or cancelled"
    )
    planned_on: dt.date | None = column(
        ObligationRow.planned_on, description="The day on which it is planned to be done."
    )
    reason: str | None = expressed(
        "reason",
        for_own_department(ObligationRow, ObligationRow.reason),
        description="Why it did not take place; only for the department that has the case.",
    )
    not_held_on: dt.date | None = column(
        ObligationRow.not_held_on, description="When it was clear that it did not take place."
    )
    overdue_since: dt.date | None = column(ObligationRow.overdue_since)
    done_on: dt.date | None = column(ObligationRow.done_on)
    case: CaseRef | None = to_one(
        "Case", ObligationRow.case_id, description="Null for staff of a support provider."
    )
    version: int = column(ObligationRow.version)
    follow_up: FollowUpRef | None = first_of(
        "FollowUp",
        by={FollowUpRow.obligation_id: "id"},
        order=(FollowUpRow.held_on, FollowUpRow.id),
        description="The follow-up that carried it out.",
    )
    missed: MissedFollowUpRef | None = first_of(
        "MissedFollowUp",
        by={MissedRow.obligation_id: "id"},
        order=(MissedRow.id,),
        description="How it did not take place.",
    )

    @computed(needs=("label", "code"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The obligation in words."""
        return worded(self.row["label"], lang, self.row["code"])

    @computed(needs=("state", "due_on"), description="Open, and its day has passed.")
    def overdue(self) -> bool:
        """Whether it is late."""
        return bool(self.row["state"] == "open" and self.row["due_on"] < today())

    @computed(needs=("agenda",), description="What is to be gone through.")
    def agenda(self) -> list[Option]:
        """What is to be gone through."""
        return [Option(code=item["id"], text=item.get("label")) for item in self.row["agenda"]]

    @computed(needs=("creates",), description="Whether a plan is drawn up when it is carried out.")
    def creates_plan(self) -> bool:
        """Whether a plan is drawn up when it is carried out."""
        return bool(self.row["creates"] == "plan")

    @computed(
        needs=("pack", "pack_version", "programme", "code"),
        reads=False,
        description="Whether a follow-up carries it out, and not a decision.",
    )
    def by_follow_up(self, info: Info) -> bool:
        """Whether a follow-up carries it out."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        return carried_out_by_follow_up(programme, self.row["code"])

    @computed(needs=_PINNED, reads=False, description="Whether it comes again after its day.")
    def recurs(self, info: Info) -> bool:
        """Whether it comes again; what does not stays late until it is done."""
        duty = _duty(info.context, self.row)
        return duty is not None and duty.every is not None

    @computed(needs=_PINNED, reads=False, description="Whether sending a filled-in form does it.")
    def by_sending(self, info: Info) -> bool:
        """Whether sending a filled-in form carries it out."""
        duty = _duty(info.context, self.row)
        return duty is not None and duty.sends is not None

    @computed(needs=_PINNED, reads=False, description="The form that is filled in at it.")
    def checklist(self, info: Info) -> list[ContentField]:
        """The form that is filled in at it."""
        duty = _duty(info.context, self.row)
        items = () if duty is None else duty.checklist
        return [content_field(one, required=one.kind not in _TEXTS) for one in items]

    @computed(
        needs=_PINNED,
        reads=False,
        description="What the guideline wants when it does not take place; in Swedish (sv) or English (en).",
    )
    def when_missed(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """Who is told when it does not take place."""
        duty = _duty(info.context, self.row)
        if duty is None or duty.when_missed is None:
            return None
        return worded(duty.when_missed.label, lang)
