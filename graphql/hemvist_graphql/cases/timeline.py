"""A case's timeline, and to whom it was laid open."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import exists, or_, select

from hemvist.cases.models import CaseDisclosure as DisclosureRow
from hemvist.cases.models import CaseEvent as EventRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.milestones.models import Milestone as MilestoneRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.milestones.types import SHARED
from hemvist_graphql.reading import Readable, column, computed, identity, reads
from hemvist_graphql.scalars import Json
from hemvist_graphql.subjects import subject_id, subject_type
from hemvist_graphql.wording import EVENTS, SURETY

#: What a department that the case was disclosed to is told of: the referral and what came of it.
_TOLD = or_(
    EventRow.kind.in_(("case_opened", "case_closed", "support_granted", "decision_granted")),
    EventRow.subject_type.in_(
        (
            "referral",
            "offer",
            "contract",
            "guarantee",
            "follow_up",
            "support_plan",
            "commission",
            "obligation",
            "inspection",
            "ladder",
        )
    ),
    exists(
        select(MilestoneRow.id).where(
            MilestoneRow.tenant_id == EventRow.tenant_id,
            MilestoneRow.id == EventRow.subject_id,
            SHARED,
        )
    ),
    # Incidents that the property side knows of.
    exists(
        select(IncidentRow.id).where(
            IncidentRow.tenant_id == EventRow.tenant_id,
            IncidentRow.id == EventRow.subject_id,
            IncidentRow.shared_on.is_not(None),
        )
    ),
)


@reads(
    EventRow,
    visible=of_visible_case(EventRow, _TOLD),
    case=EventRow.case_id,
    also=(EventRow.subject_type, EventRow.subject_id),
)
@strawberry.type(description="A line of the case's timeline.")
class TimelineEvent(Readable):
    """A line of the case's timeline."""

    kind: str = column(EventRow.kind)
    occurred_on: dt.date = column(EventRow.occurred_on)
    recorded_at: dt.datetime = column(EventRow.recorded_at)
    actor_name: str = column(EventRow.actor_name)
    data: Json = column(EventRow.data, description="Codes and dates; no free text.")

    id: strawberry.ID = identity()

    @computed(needs=("kind", "data"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What happened."""
        kind = self.row["kind"]
        surety = SURETY.get(kind) if self.row["data"].get("kind") == "surety" else None
        return worded(surety or EVENTS.get(kind), lang, kind)

    @computed(needs=("subject_type",), description="The schema's type of what it happened to.")
    def subject_type(self) -> str:
        """The type of what it happened to."""
        return subject_type(self.row["subject_type"])

    @computed(needs=("subject_type", "subject_id"), description="The id of what it happened to.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it happened to."""
        return subject_id(self.row["subject_type"], self.row["subject_id"])


@reads(DisclosureRow, visible=of_visible_case(DisclosureRow), case=DisclosureRow.case_id)
@strawberry.type(description="The case was laid open to another department.")
class Disclosure(Readable):
    """The case was laid open to another department."""

    department: str = column(DisclosureRow.department)
    ground: str = column(DisclosureRow.ground, description="The legal ground.")
    fields: list[str] = column(DisclosureRow.fields)
    disclosed_on: dt.date = column(DisclosureRow.disclosed_on)
    ended_on: dt.date | None = column(DisclosureRow.ended_on)
