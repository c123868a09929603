"""Ladders, their steps, meetings, actions and evictions, and how each step stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, case, null, or_

from hemvist.assessments import service as assessing
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.ladder import rungs as standing
from hemvist.ladder.facts import children_of
from hemvist.ladder.models import Eviction as EvictionRow
from hemvist.ladder.models import JointMeeting as MeetingRow
from hemvist.ladder.models import Ladder as LadderRow
from hemvist.ladder.models import LadderAction as ActionRow
from hemvist.ladder.models import LadderStep as StepRow
from hemvist.ladder.service import asked_rules
from hemvist.policy import Label
from hemvist_graphql.access import for_own_department, of_own_case, of_visible_case, reads_as_owner
from hemvist_graphql.assessments.types import Question, questions_shown
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import record_of
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
)
from hemvist_graphql.refs import (
    CaseRef,
    ContractRef,
    EvictionRef,
    IncidentRef,
    JointMeetingRef,
    LadderActionRef,
    LadderStepRef,
    PrincipalRef,
    ServiceClockRef,
)
from hemvist_graphql.scalars import Json

_INSIDE = "For the department that has the case."


def _unless_inside(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """Of a step; of one that is kept inside, for the department that has the case."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        shown = or_(StepRow.inside.is_(False), of_own_case(StepRow)(actor))
        return case((shown, column), else_=null())

    return expression


@strawberry.type(
    description="Something without which a step is not lawful or not by the guideline."
)
class LadderMissing:
    """Something without which a step may not be taken."""

    code: str
    cite: list[str]
    source: str = strawberry.field(description="law, guideline or record")
    text: strawberry.Private[Label]
    asked: strawberry.Private[tuple[Label, ...]]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is missing."""
        return worded(self.text.as_json(), lang, self.code)

    @computed(description="The questions that would settle it, in Swedish (sv) or English (en).")
    def asks(self, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """The questions that would settle it."""
        return [worded(one.as_json(), lang) for one in self.asked]


@strawberry.type(description="A step of the ladder and how it stands today.")
class LadderRung:
    """A step of the ladder and how it stands."""

    code: str = strawberry.field(
        description="talk, demand, board, meeting, plan, notice, eviction, move_out or new_offer"
    )
    state: str = strawberry.field(description="done, now, missing, may, waits, later or off")
    on: dt.date | None = strawberry.field(description="When it was done, or the day it waits for.")
    cite: list[str]
    missing: list[LadderMissing]
    by: list[str] = strawberry.field(
        description="Who takes it or is called, in the guideline's roles."
    )
    ways: list[str] = strawberry.field(description="How it has to be sent by the guideline.")
    copies: list[str] = strawberry.field(description="Who has to have a copy by the guideline.")
    comes_next: bool = strawberry.field(description="It is the step to take now.")
    text: strawberry.Private[Label]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return worded(self.text.as_json(), lang, self.code)


@reads(StepRow, visible=of_visible_case(StepRow), case=StepRow.case_id)
@strawberry.type(description="A step that was taken, or that another landlord took.")
class LadderStep(Readable):
    """A step that was taken."""

    id: strawberry.ID = identity()
    kind: str = column(StepRow.kind)
    happened_on: dt.date = column(StepRow.happened_on)
    received_on: dt.date | None = column(
        StepRow.received_on, description="When it came in, of another landlord's step."
    )
    ways: list[str] = column(StepRow.ways, description="How it reached the tenant.")
    copies: list[str] = column(StepRow.copies, description="Who got a copy, or took part.")
    what: str = opened(
        StepRow.what,
        _unless_inside,
        blank="",
        description="Empty where it is kept inside the case's department.",
    )
    inside: bool = column(StepRow.inside)
    until_on: dt.date | None = column(
        StepRow.until_on, description="The last day to mend, or on which a notice ends the tenancy."
    )
    legal_findings: Json = column(StepRow.legal_findings, description="What the law said of it.")
    went_on_because: str = opened(StepRow.went_on_because)
    recorded_by: PrincipalRef | None = to_one("Principal", StepRow.recorded_by)
    clocks: list[ServiceClockRef] = to_many(
        "ServiceClock", ClockRow.subject_id, order=(ClockRow.due_at, ClockRow.id)
    )


@reads(MeetingRow, visible=of_visible_case(MeetingRow), case=MeetingRow.case_id)
@strawberry.type(description="A meeting with the tenant and everybody who is responsible.")
class JointMeeting(Node):
    """A meeting with the tenant and everybody who is responsible."""

    state: str = column(MeetingRow.state, description="called, held or cancelled")
    called_on: dt.date = column(MeetingRow.called_on)
    called: list[str] = column(MeetingRow.called)
    meets_on: dt.date = column(MeetingRow.meets_on)
    meets_at: str = column(MeetingRow.meets_at)
    place: str = opened(MeetingRow.place)
    held_on: dt.date | None = column(MeetingRow.held_on)
    came: list[str] = column(MeetingRow.came)
    absent: Json = opened(MeetingRow.absent, description="Why each of the others stayed away.")
    agenda_done: list[str] = column(MeetingRow.agenda_done)
    picture: str = opened(MeetingRow.picture, description="The picture that all share.")
    cancelled_because: str = opened(MeetingRow.cancelled_because)
    called_by: PrincipalRef | None = to_one("Principal", MeetingRow.called_by)
    version: int = column(MeetingRow.version)


@reads(ActionRow, visible=of_visible_case(ActionRow), case=ActionRow.case_id)
@strawberry.type(
    description="What somebody is to do by a day, in the plan for staying (handlingsplan)."
)
class LadderAction(Node):
    """What somebody is to do by a day."""

    what: str = opened(ActionRow.what)
    owner: str = column(ActionRow.owner, description="A party, in the guideline's roles.")
    due_on: dt.date = column(ActionRow.due_on)
    state: str = column(ActionRow.state, description="open, done, not_done or cancelled")
    settled_on: dt.date | None = column(ActionRow.settled_on)
    notes: str = opened(ActionRow.notes)
    agreed_on: dt.date = column(ActionRow.agreed_on)
    settled_by: PrincipalRef | None = to_one("Principal", ActionRow.settled_by)
    version: int = column(ActionRow.version)


@reads(EvictionRow, visible=of_visible_case(EvictionRow), case=EvictionRow.case_id)
@strawberry.type(description="An application for eviction at Kronofogden (avhysning).")
class Eviction(Node):
    """An application for eviction."""

    state: str = column(EvictionRow.state, description="applied, dated, carried_out or withdrawn")
    applied_on: dt.date = column(EvictionRow.applied_on)
    number: str = column(EvictionRow.number, description="Kronofogden's.")
    by_landlord: bool = column(EvictionRow.by_landlord)
    evicts_on: dt.date | None = column(EvictionRow.evicts_on)
    learned_at: dt.datetime | None = column(
        EvictionRow.learned_at, description="It is to be confirmed this day."
    )
    confirmed_at: dt.datetime | None = column(EvictionRow.confirmed_at)
    caseworker: PrincipalRef | None = to_one("Principal", EvictionRow.caseworker_id)
    went_on_because: str = opened(
        EvictionRow.went_on_because, description="Why it was confirmed late."
    )
    ended_on: dt.date | None = column(EvictionRow.ended_on)
    end_reason: str = opened(EvictionRow.end_reason)
    version: int = column(EvictionRow.version)


@reads(
    LadderRow,
    visible=of_visible_case(LadderRow),
    case=LadderRow.case_id,
    also=(LadderRow.case_id,),
)
@strawberry.type(description="A tenancy in trouble, from the first word to the end of it.")
class Ladder(Node):
    """A tenancy in trouble."""

    ground: str = column(LadderRow.ground, description="misconduct or arrears")
    severity: str = column(LadderRow.severity, description="minor, serious or especially_serious")
    severity_reason: str = opened(LadderRow.severity_reason)
    about: str = opened(LadderRow.about)
    opened_on: dt.date = column(LadderRow.opened_on)
    opened_by: PrincipalRef | None = to_one("Principal", LadderRow.opened_by)
    state: str = column(LadderRow.state, description="open, corrected, moved_out or closed")
    ended_on: dt.date | None = column(LadderRow.ended_on)
    end_reason: str = opened(LadderRow.end_reason)
    new_offer_proposed: bool | None = column(LadderRow.new_offer_proposed)
    proposed_because: str | None = opened(
        LadderRow.proposed_because,
        partial(for_own_department, LadderRow),
        description=_INSIDE,
    )
    proposed_on: dt.date | None = column(LadderRow.proposed_on)
    proposed_by: PrincipalRef | None = to_one("Principal", LadderRow.proposed_by)
    new_offer: bool | None = column(
        LadderRow.new_offer, description="Whether another home may be offered; null: not decided."
    )
    decided_because: str | None = opened(
        LadderRow.decided_because,
        partial(for_own_department, LadderRow),
        description=_INSIDE,
    )
    decided_on: dt.date | None = column(LadderRow.decided_on)
    decided_by: PrincipalRef | None = to_one("Principal", LadderRow.decided_by)
    version: int = column(LadderRow.version)
    case: CaseRef = to_one("Case", LadderRow.case_id)
    contract: ContractRef | None = to_one("Contract", LadderRow.contract_id)
    incident: IncidentRef | None = to_one("Incident", LadderRow.incident_id)
    steps: list[LadderStepRef] = to_many(
        "LadderStep", StepRow.ladder_id, order=(StepRow.happened_on, StepRow.id)
    )
    meetings: list[JointMeetingRef] = to_many(
        "JointMeeting", MeetingRow.ladder_id, order=(MeetingRow.meets_on, MeetingRow.id)
    )
    actions: list[LadderActionRef] = to_many(
        "LadderAction", ActionRow.ladder_id, order=(ActionRow.due_on, ActionRow.id)
    )
    evictions: list[EvictionRef] = to_many(
        "Eviction", EvictionRow.ladder_id, order=(EvictionRow.applied_on, EvictionRow.id)
    )

    @computed(
        10,
        needs=("case_id",),
        description="Children under 18 in the household today: their situation is always raised.",
    )
    def children(self, info: Info) -> int | None:
        """How many children there are in the household."""
        session = info.context.session
        return children_of(session, session.find(CaseRow, self.row["case_id"]), today())

    @computed(
        50, description="Every step in order: what is done, what comes next, what is missing."
    )
    def rungs(self, info: Info) -> list[LadderRung]:
        """Every step in order, as it stands today."""
        session = info.context.session
        case = session.find(CaseRow, self.row["case_id"])
        found = standing.rungs_of(session, case, record_of(info.context, self), today())
        comes = standing.next_of(found)
        return [
            LadderRung(
                code=one.code,
                state=one.state,
                on=one.on,
                cite=list(dict.fromkeys(one.cite)),
                missing=[
                    LadderMissing(
                        code=lack.code,
                        cite=list(lack.cite),
                        source=lack.source,
                        text=lack.label,
                        asked=lack.asks,
                    )
                    for lack in one.missing
                ],
                by=list(one.by),
                ways=list(one.ways),
                copies=list(one.copies),
                comes_next=one is comes,
                text=one.label,
            )
            for one in found
        ]

    @computed(50, description="What the guideline asks before its steps, relevant questions.")
    def questions(self, info: Info) -> list[Question]:
        """The questions of the guideline's rules that the caller may answer here."""
        context = info.context
        case = context.session.find(CaseRow, self.row["case_id"])
        rules = asked_rules(case, inside=reads_as_owner(context.actor, case.department))
        found = assessing.questions_of(context.session, case, today(), rules)
        return [one for one in questions_shown(context, found) if one.relevant]
