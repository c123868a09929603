"""Facts that figures are counted from, for those who read their cases."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.indicators.models import IndicatorFact as FactRow
from hemvist_graphql.context import Info
from hemvist_graphql.indicators.seeing import area_shown, seen_facts, unless_transfers
from hemvist_graphql.indicators.words import programme_text, step_text
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.pinned import case_pack, pack_of_case, programme_or_none
from hemvist_graphql.reading import Readable, column, computed, expressed, reads, to_one
from hemvist_graphql.refs import CaseRef


@reads(FactRow, visible=seen_facts, case=FactRow.case_id, ingredients=case_pack(FactRow))
@strawberry.type(
    description="Something of a case that an indicator counts. Without an id: facts are made anew"
    " whenever their case changes."
)
class IndicatorFact(Readable):
    """Something of a case that an indicator counts."""

    code: str = column(FactRow.indicator, description="The indicator's.")
    case: CaseRef = to_one("Case", FactRow.case_id)
    begins: dt.date | None = expressed(
        "begins_shown",
        lambda _: unless_transfers(FactRow.begins),
        description="The day it happens, or the first on which it holds; null of transfers.",
    )
    ends: dt.date | None = expressed(
        "ends_shown",
        lambda _: unless_transfers(FactRow.ends),
        description="The first day on which it no longer holds.",
    )
    programme: str = column(FactRow.programme, description="Empty where there is none.")
    step: str = column(FactRow.step)
    area: str | None = expressed(
        "area_shown",
        area_shown,
        description="The home's; empty where there is none. Null of transfers, and of a household with"
        " anybody protected.",
    )
    amount: int | None = column(FactRow.amount, description="As the indicator's unit says.")
    met: bool | None = column(
        FactRow.met, description="Whether what was to be done was done, of an indicator that asks."
    )

    @computed(
        needs=("programme", "case_pack"),
        reads=False,
        description="In Swedish (sv) or English (en).",
    )
    def programme_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The programme in words."""
        name = self.row["programme"]
        programme = programme_or_none(pack_of_case(info.context, self), name or None)
        return worded(programme_text(programme, name), lang, name)

    @computed(needs=("step",), description="In Swedish (sv) or English (en).")
    def step_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return worded(step_text(self.row["step"]), lang, self.row["step"])
