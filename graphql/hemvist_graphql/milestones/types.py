"""Milestones that were recorded."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import any_, literal

from hemvist.milestones.models import Milestone as MilestoneRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.packs.items import Option
from hemvist_graphql.pinned import CASE_PACK, case_pack, label_in, programme_of_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import CaseRef, PrincipalRef
from hemvist_graphql.scalars import Json
from hemvist_graphql.wording import EVENTS

#: Whom a case was disclosed to sees what the property side took part in.
SHARED = literal("property") == any_(MilestoneRow.parties)


@reads(
    MilestoneRow,
    visible=of_visible_case(MilestoneRow, SHARED),
    case=MilestoneRow.case_id,
    also=(MilestoneRow.programme, MilestoneRow.agenda_done, MilestoneRow.legal_findings),
    ingredients=case_pack(MilestoneRow),
)
@strawberry.type(description="An event that a person recorded on a case (händelse).")
class Milestone(Node):
    """An event that a person recorded on a case."""

    code: str = column(MilestoneRow.code, description="The pack's name for it.")
    event: str = column(MilestoneRow.event, description="The core's event that it is.")
    happened_on: dt.date = column(MilestoneRow.happened_on)
    parties: list[str] = column(MilestoneRow.parties, description="Who took part.")
    agreed: list[str] = column(MilestoneRow.agreed)
    told: list[str] = column(MilestoneRow.told)
    notes: str = opened(MilestoneRow.notes)
    details: Json = opened(MilestoneRow.details, description="What a notice says.")
    went_on_because: str = opened(MilestoneRow.went_on_because)
    recorded_by: PrincipalRef | None = to_one("Principal", MilestoneRow.recorded_by)
    case: CaseRef = to_one("Case", MilestoneRow.case_id)

    @computed(
        needs=("legal_findings",), description="What the law said of it when it was recorded."
    )
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the event."""
        return findings_shown(self.row["legal_findings"])

    @computed(
        needs=(CASE_PACK, "programme", "code", "event"),
        reads=False,
        description="In Swedish (sv) or English (en).",
    )
    def label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The pack's words for it."""
        programme = programme_of_case(info.context, self)
        found = label_in(programme.milestones if programme else (), self.row["code"])
        return worded(found or EVENTS.get(self.row["event"]), lang, self.row["code"])

    @computed(
        needs=(CASE_PACK, "programme", "code", "agenda_done"),
        reads=False,
        description="Items of the agenda that were gone through.",
    )
    def agenda_done(self, info: Info) -> list[Option]:
        """Items of the agenda that were gone through."""
        programme = programme_of_case(info.context, self)
        points = {
            item.id: item.label
            for milestone in (programme.milestones if programme else ())
            if milestone.id == self.row["code"]
            for item in milestone.agenda
        }
        return [Option(code=one, text=points.get(one)) for one in self.row["agenda_done"]]
