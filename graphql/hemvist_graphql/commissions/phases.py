"""The phases of the support in a case, as the schema shows them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import Text, func, literal_column, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hemvist.cases.models import CaseEvent
from hemvist.cases.phases import Entered, Line, phases_of
from hemvist.policy import Pack, Programme
from hemvist.policy.support import Phase
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.wording import EVENTS

#: The ingredient that the phases are worked out from.
HAPPENED_ON = "happened_on"


@strawberry.type(description="A phase of the support (stödfas), and when the case was in it.")
class SupportPhase:
    """A phase of the support."""

    id: str
    cite: list[str]
    entered_on: dt.date | None = strawberry.field(description="Null while it lies ahead.")
    left_on: dt.date | None
    current: bool
    in_time: bool | None = strawberry.field(
        description="Whether it began as long before its event as the guideline says; null when "
        "nothing is said, or that has not happened."
    )
    too_early: bool = strawberry.field(
        description="It began longer before than the guideline says."
    )
    event_from: dt.date | None = strawberry.field(
        description="By the day it began: the first day on which its event would come in time."
    )
    event_to: dt.date | None = strawberry.field(description="And the last.")
    begun_by: strawberry.Private[str | None]
    phase: strawberry.Private[Phase]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The phase in words."""
        return worded(self.phase.label, lang, self.id)

    @computed(description="In Swedish (sv) or English (en).")
    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What it is."""
        return worded(self.phase.help, lang) or None

    @computed(description="What it began with, in words; null while it lies ahead.")
    def begun_with(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What it began with."""
        kind = self.begun_by
        return None if kind is None else worded(EVENTS.get(kind), lang, kind)

    @computed(description="The event that it is to begin so long before, in words.")
    def leads_to(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What it leads to."""
        lead = self.phase.lead
        return None if lead is None else worded(EVENTS.get(lead.before), lang, lead.before)


def phases_shown(
    pack: Pack, programme: Programme | None, happened: str | None
) -> list[SupportPhase]:
    """Every phase of the programme in order: those the case has been in, and those ahead.

    A phase that was entered anew stands there as often as that.
    """
    if programme is None or not programme.phases:
        return []
    entered = phases_of(programme, pack, lines_of(happened))
    shown = [_shown(one) for one in entered]
    last = entered[-1].phase.id if entered else None
    order = [phase.id for phase in programme.phases]
    ahead = programme.phases[order.index(last) + 1 if last is not None else 0 :]
    return shown + [
        SupportPhase(
            id=phase.id,
            cite=list(phase.cite),
            entered_on=None,
            left_on=None,
            current=False,
            in_time=None,
            too_early=False,
            event_from=None,
            event_to=None,
            begun_by=None,
            phase=phase,
        )
        for phase in ahead
    ]


def lines_of(happened: str | None) -> list[Line]:
    """The events and days of ``happened_on``'s text."""
    parts = (part.partition("=") for part in (happened or "").split())
    return [(kind, dt.date.fromisoformat(day)) for kind, _, day in parts]


def _shown(one: Entered) -> SupportPhase:
    first, last = one.due or (None, None)
    return SupportPhase(
        id=one.phase.id,
        cite=list(one.phase.cite),
        entered_on=one.on,
        left_on=one.left_on,
        current=one.left_on is None,
        in_time=None if one.lead is None else one.lead == "in_time",
        too_early=one.lead == "too_early",
        event_from=first,
        event_to=last,
        begun_by=one.by,
        phase=one.phase,
    )


def happened_on(model: Any, case_id: Any) -> Any:
    """The kinds and days of a case's events in order, as one text: ``moved_in=2026-01-31 …``."""
    order = (CaseEvent.occurred_on, CaseEvent.recorded_at, CaseEvent.id)
    line = CaseEvent.kind + "=" + as_type(CaseEvent.occurred_on, Text)
    found = func.string_agg(line, aggregate_order_by(literal_column("' '"), *order), type_=Text())
    return (
        select(found)
        .where(CaseEvent.tenant_id == model.tenant_id, CaseEvent.case_id == case_id)
        .correlate(model)
        .scalar_subquery()
    )
