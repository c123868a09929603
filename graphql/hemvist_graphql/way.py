"""The way to a lease of one's own, station by station, as the schema tells it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.cases.models import Case
from hemvist.ways.service import way_of
from hemvist.ways.stations import Station
from hemvist_graphql.access import reads_as_owner
from hemvist_graphql.context import Context
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.subjects import subject_id, subject_type
from hemvist_graphql.wording import MISSING_ON_THE_WAY, STATIONS


@strawberry.type(description="What is missing for a station.")
class MissingOnTheWay:
    """What is missing for a station."""

    code: str
    outcome: str = strawberry.field(
        description="unknown (nobody has answered yet) or false (not met)"
    )
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """It in words."""
        return worded(self.text or MISSING_ON_THE_WAY.get(self.code), lang, self.code)


@strawberry.type(description="A station on the way to a lease of one's own.")
class WayStation:
    """A station on the way to a lease of one's own."""

    code: str
    state: str = strawberry.field(
        description="done, now (it is next), missing (next, and something stands in the way), later"
    )
    on: dt.date | None = strawberry.field(description="The day it was reached.")
    expected_on: dt.date | None = strawberry.field(
        description="Its day as far as is known; the earliest where it takes a decision."
    )
    because: list[MissingOnTheWay]
    subject_type: str | None = strawberry.field(
        description="The schema's type of what it is about."
    )
    subject_id: strawberry.ID | None
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The station in words."""
        return worded(STATIONS.get(self.code), lang, self.code)

    @computed(description="The guideline's own words for it, where it has some.")
    def detail(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The guideline's words."""
        return worded(self.text, lang) or None


def way_shown(context: Context, case: Case) -> list[WayStation]:
    """The stations of a case, with what the rules lack for those who may know it."""
    inside = reads_as_owner(context.actor, case.department)
    return [_shown(one) for one in way_of(context.session, case, inside=inside)]


def _shown(one: Station) -> WayStation:
    return WayStation(
        code=one.code,
        state=one.state,
        on=one.on,
        expected_on=one.expected_on,
        because=[
            MissingOnTheWay(code=why.code, outcome=why.outcome, text=why.label)
            for why in one.because
        ],
        subject_type=None if one.subject is None else subject_type(one.subject[0]),
        subject_id=None if one.subject is None else subject_id(*one.subject),
        text=one.label,
    )
