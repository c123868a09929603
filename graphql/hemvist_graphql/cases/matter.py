"""The matter itself: number, state, whose it is, how far it has come."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.cases.models import Case as CaseRow
from hemvist.cases.stage import stage_of
from hemvist_graphql.cases.common import PINNED
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import ingredient
from hemvist_graphql.me.kommun import department_name
from hemvist_graphql.pinned import pack_of_row, programme_or_none
from hemvist_graphql.reading import Readable, column, computed, to_one
from hemvist_graphql.refs import HouseholdRef, PrincipalRef


@strawberry.type
class CaseMatter(Readable):
    """The matter itself."""

    number: str = column(CaseRow.number, description="Ärendenummer.")
    state: str = column(CaseRow.state, description="open or closed")
    department: str = column(CaseRow.department)
    pack: str = column(CaseRow.pack)
    pack_version: str = column(CaseRow.pack_version, description="Pinned: what it is judged by.")
    programme: str | None = column(CaseRow.programme)
    opened_on: dt.date = column(CaseRow.opened_on)
    closed_on: dt.date | None = column(CaseRow.closed_on)
    version: int = column(CaseRow.version)
    household: HouseholdRef = to_one("Household", CaseRow.household_id)
    handler: PrincipalRef | None = to_one("Principal", CaseRow.handler_id)

    @computed(
        needs=("department", *PINNED),
        reads=False,
        description="In Swedish (sv) or English (en).",
    )
    def department_name(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The department's name."""
        pack = (self.row["pack"], self.row["pack_version"])
        return department_name(info.context, self.row["department"], lang, pack)

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="The programme in words; null while none is chosen.",
    )
    def programme_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The programme in words."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        return worded(programme.label, lang) if programme else self.row["programme"]

    @computed(
        2,
        needs=("programme", "happened", *PINNED),
        reads=False,
        description="The programme's stage in words; null while no programme is chosen.",
    )
    def stage(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The programme's stage in words."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None or programme.stages is None:
            return None
        happened = ingredient(info.context, self, "happened")
        stage = stage_of(programme, happened.split() if happened else ())
        return worded(programme.stages.states.get(stage) if stage else None, lang, stage or "")
