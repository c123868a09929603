"""Incidents, what was done about them, what the landlord was told, and clocks of service."""

from __future__ import annotations

import datetime as dt
from functools import partial

import strawberry

from hemvist.cases.facts import household_facts
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.incidents import feedback
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.incidents.models import IncidentAction as ActionRow
from hemvist.incidents.models import IncidentFeedback as FeedbackRow
from hemvist.incidents.report_models import LandlordReportWord as WordRow
from hemvist_graphql.access import for_own_department, of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.incidents.seeing import (
    for_those_who_handle,
    for_those_who_wrote,
    of_shared_incident,
    shared_clock,
    shared_incident,
)
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.loading import record_of
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    expressed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    CaseRef,
    IncidentActionRef,
    IncidentFeedbackRef,
    IncidentRef,
    LandlordRef,
    LandlordWordRef,
    PrincipalRef,
    ServiceClockRef,
    UnitRef,
)
from hemvist_graphql.subjects import subject_id, subject_type

_WROTE = "For the case's own department and the one that wrote it."
_HANDLES = "For those who handle incidents; never for the household's side."


@strawberry.type(description="A sentence that the landlord may be told of an incident now.")
class FeedbackWord:
    """A sentence that the landlord may be told."""

    code: str
    personal: bool = strawberry.field(
        description="Says something of the household: needs consent where it is protected."
    )
    fields: list[str] = strawberry.field(description="What of the matter it lays open.")

    @computed(description="In Swedish (sv) or English (en).")
    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence."""
        return feedback.text_of([self.code], language(lang))


@reads(
    ClockRow,
    visible=of_visible_case(ClockRow, shared_clock),
    case=ClockRow.case_id,
    also=(ClockRow.label, ClockRow.subject_type, ClockRow.subject_id),
)
@strawberry.type(
    description="A clock of service (tidsgräns): what guideline or law wants done by an instant."
)
class ServiceClock(Node):
    """A clock of service."""

    case: CaseRef = to_one("Case", ClockRow.case_id)
    incident: IncidentRef | None = to_one("Incident", ClockRow.incident_id)
    event: str = column(ClockRow.event, description="What started it.")
    code: str = column(ClockRow.code, description="The guideline's or the law's name for it.")
    source: str = column(ClockRow.source, description="The guideline, or the law pack.")
    source_version: str = column(ClockRow.source_version)
    cite: list[str] = column(ClockRow.cite)
    by: list[str] = column(ClockRow.by, description="Who has to act, in the guideline's roles.")
    departments: list[str] = column(ClockRow.departments, description="Who has to act here.")
    started_at: dt.datetime = column(ClockRow.started_at)
    due_at: dt.datetime = column(ClockRow.due_at, description="It is kept before this instant.")
    due_on: dt.date = column(ClockRow.due_on, description="Its day in Sweden.")
    state: str = column(ClockRow.state, description="running, kept, late or cancelled")
    stopped_at: dt.datetime | None = column(
        ClockRow.stopped_at, description="Null while somebody has to answer it, also when late."
    )
    stopped_by: PrincipalRef | None = to_one("Principal", ClockRow.stopped_by)
    reason: str = opened(ClockRow.reason, description="Why it was taken away.")
    escalated_at: dt.datetime | None = column(
        ClockRow.escalated_at, description="When the manager was told that it had run out."
    )
    version: int = column(ClockRow.version)

    @computed(needs=("label", "code"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be done."""
        return worded(self.row["label"], lang, self.row["code"])

    @computed(needs=("subject_type",), description="The schema's type of what it is about.")
    def subject_type(self) -> str:
        """The type of what it is about."""
        return subject_type(self.row["subject_type"])

    @computed(needs=("subject_type", "subject_id"), description="The id of what it is about.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it is about."""
        return subject_id(self.row["subject_type"], self.row["subject_id"])


@reads(
    ActionRow,
    visible=of_visible_case(ActionRow, of_shared_incident(ActionRow)),
    case=ActionRow.case_id,
)
@strawberry.type(description="What was done about an incident, when and by whom.")
class IncidentAction(Readable):
    """What was done about an incident."""

    id: strawberry.ID = identity()
    kind: str = column(ActionRow.kind)
    done_at: dt.datetime = column(ActionRow.done_at)
    done_by: str = opened(ActionRow.done_by)
    notes: str | None = opened(
        ActionRow.notes, partial(for_those_who_wrote, ActionRow), description=_WROTE
    )
    severity: str | None = column(ActionRow.severity, description="What an assessment came to.")
    clocks: list[str] = column(ActionRow.clocks, description="Codes of the clocks it answered.")
    department: str = column(ActionRow.department)
    recorded_by: PrincipalRef | None = to_one("Principal", ActionRow.recorded_by)


@reads(
    FeedbackRow,
    visible=of_visible_case(FeedbackRow, of_shared_incident(FeedbackRow)),
    case=FeedbackRow.case_id,
)
@strawberry.type(description="What a landlord was told of an incident, on which ground.")
class IncidentFeedback(Readable):
    """What a landlord was told of an incident."""

    id: strawberry.ID = identity()
    landlord: LandlordRef = to_one("Landlord", FeedbackRow.landlord_id)
    recipient: str = column(FeedbackRow.recipient, description="The landlord's name as it was.")
    ground: str = column(FeedbackRow.ground, description="consent (OSL 10:1) or necessity (10:2)")
    consented_on: dt.date | None = column(FeedbackRow.consented_on)
    ground_note: str | None = opened(
        FeedbackRow.ground_note,
        partial(for_own_department, FeedbackRow),
        description="For the department that has the case.",
    )
    fields: list[str] = column(FeedbackRow.fields, description="What was laid open.")
    words: list[str] = column(FeedbackRow.words, description="Codes of the sentences.")
    told_how: str = column(FeedbackRow.told_how, description="phone, email, letter or meeting")
    told_at: dt.datetime = column(FeedbackRow.told_at)
    told_by: PrincipalRef | None = to_one("Principal", FeedbackRow.told_by)

    @computed(needs=("words",), description="In Swedish (sv) or English (en).")
    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the landlord was told."""
        return feedback.text_of(self.row["words"], language(lang))


@reads(
    IncidentRow,
    visible=of_visible_case(IncidentRow, shared_incident),
    case=IncidentRow.case_id,
    also=(IncidentRow.case_id,),
)
@strawberry.type(description="Something that was reported about a home (störning, klagomål …).")
class Incident(Node):
    """Something that was reported about a home."""

    case: CaseRef = to_one("Case", IncidentRow.case_id)
    unit: UnitRef | None = to_one("Unit", IncidentRow.unit_id)
    kind: str = column(
        IncidentRow.kind, description="complaint, disturbance, neglect, arrears or other"
    )
    reported_by: str | None = expressed(
        "reported_by",
        for_those_who_handle(IncidentRow.reported_by),
        description=f"landlord, neighbour, patrol or staff. {_HANDLES}",
    )
    anonymous: bool | None = expressed(
        "anonymous", for_those_who_handle(IncidentRow.anonymous), description=_HANDLES
    )
    reporter_name: str | None = opened(
        IncidentRow.reporter_name, for_those_who_handle, description=_HANDLES
    )
    reporter_contact: str | None = opened(
        IncidentRow.reporter_contact, for_those_who_handle, description=_HANDLES
    )
    channel: str | None = expressed(
        "channel", for_those_who_handle(IncidentRow.channel), description=_HANDLES
    )
    happened_on: dt.date = column(IncidentRow.happened_on)
    happened_at: dt.datetime | None = column(
        IncidentRow.happened_at, description="The instant, where it is known."
    )
    received_at: dt.datetime = column(
        IncidentRow.received_at, description="When it reached the kommun: its clocks run from here."
    )
    department: str = column(IncidentRow.department, description="Which department took it in.")
    shared_on: dt.date | None = column(
        IncidentRow.shared_on, description="From when the property office knows of it."
    )
    what: str | None = opened(
        IncidentRow.what, partial(for_those_who_wrote, IncidentRow), description=_WROTE
    )
    severity: str | None = column(
        IncidentRow.severity, description="minor, serious or especially_serious; null: not judged"
    )
    severity_reason: str | None = opened(
        IncidentRow.severity_reason,
        partial(for_those_who_wrote, IncidentRow),
        description=_WROTE,
    )
    children_note: str | None = opened(
        IncidentRow.children_note,
        partial(for_own_department, IncidentRow),
        description="What it means for the household's children. For the case's own department.",
    )
    assessed_at: dt.datetime | None = column(IncidentRow.assessed_at)
    assessed_by: PrincipalRef | None = to_one("Principal", IncidentRow.assessed_by)
    state: str = column(IncidentRow.state, description="open or closed")
    outcome: str | None = column(
        IncidentRow.outcome,
        description="corrected, measures, ladder, moved_out, unfounded or duplicate",
    )
    confirmed: bool | None = column(
        IncidentRow.confirmed, description="Whether it was confirmed; null while not known."
    )
    closing_note: str | None = opened(
        IncidentRow.closing_note,
        partial(for_those_who_wrote, IncidentRow),
        description=_WROTE,
    )
    closed_at: dt.datetime | None = column(IncidentRow.closed_at)
    closed_by: PrincipalRef | None = to_one("Principal", IncidentRow.closed_by)
    registered_by: PrincipalRef | None = to_one("Principal", IncidentRow.registered_by)
    version: int = column(IncidentRow.version)
    actions: list[IncidentActionRef] = to_many(
        "IncidentAction", ActionRow.incident_id, order=(ActionRow.done_at, ActionRow.id)
    )
    feedbacks: list[IncidentFeedbackRef] = to_many(
        "IncidentFeedback", FeedbackRow.incident_id, order=(FeedbackRow.told_at, FeedbackRow.id)
    )
    clocks: list[ServiceClockRef] = to_many(
        "ServiceClock", ClockRow.incident_id, order=(ClockRow.due_at, ClockRow.id)
    )

    landlord_words: list[LandlordWordRef] = to_many(
        "LandlordWord",
        WordRow.incident_id,
        order=(WordRow.said_at, WordRow.id),
        description="What the landlord wrote later of what it reported by its login.",
    )

    @computed(
        10,
        needs=("case_id",),
        description="Children under 18 in the household today: their situation is always raised.",
    )
    def children(self, info: Info) -> int:
        """How many children there are in the household."""
        session = info.context.session
        found = household_facts(session, session.find(CaseRow, self.row["case_id"]), today())
        return int(found["children_under_18"])

    @computed(10, description="What the landlord may be told of it as the record stands.")
    def feedback_words(self, info: Info) -> list[FeedbackWord]:
        """Sentences that the record bears."""
        context = info.context
        standing = feedback.standing_of(context.session, record_of(context, self))
        return [
            FeedbackWord(
                code=code,
                personal=feedback.WORDS[code].personal,
                fields=list(feedback.WORDS[code].fields),
            )
            for code in feedback.may_be_said(standing)
        ]
