"""Indicators: how each is defined, what was told of it, and what it is now for those who read cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import select

from hemvist.clock import today
from hemvist.errors import ValidationFailed
from hemvist.indicators import reading
from hemvist.indicators.models import IndicatorFact as FactRow
from hemvist.indicators.models import IndicatorRun, IndicatorTold
from hemvist.indicators.running import run_of
from hemvist.indicators.snapshots import month_of
from hemvist.indicators.suppression.series import margins
from hemvist.policy import add_months
from hemvist_graphql.context import Context, Info
from hemvist_graphql.indicators.asked import in_cell, on_day, ordered
from hemvist_graphql.indicators.defined import DefinedIndicator
from hemvist_graphql.indicators.seeing import (
    TRANSFERS,
    live_columns,
    reads_cases,
    reads_transfers,
    seen_facts,
)
from hemvist_graphql.indicators.words import CHAPTERS, NONE, cell_text
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed

#: Months that are over which are told of where none are asked for.
MONTHS = 24
MAX_VERSION = 1_000
_WHOLE = "all"


@strawberry.type(description="A cell of a margin: a programme, a step, an area or a group.")
class FigureCell:
    """A cell of a margin."""

    code: str = strawberry.field(description="Empty for what has none.")
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The cell in words."""
        return worded(self.text, lang, self.code)


@strawberry.type(
    description="A number that was told of a stretch of months and some cells, together. The cells of a"
    " margin and its stretches divide everything between them, and each number is of five households or"
    " more, or one of five that it may be: taking one from another tells of nobody. A month without a number"
    " had too few, which is not none: it is told later, together with others."
)
class ToldFigure:
    """A number that was told."""

    indicator: str = strawberry.field(description="The indicator's code.")
    version: int
    margin: str
    cells: list[FigureCell] = strawberry.field(
        description="That it is of, together; none in margin all."
    )
    from_month: dt.date = strawberry.field(description="The first day of its first month.")
    to_month: dt.date = strawberry.field(description="The first day of its last month.")
    facts: int | None = strawberry.field(
        description="How many, of a count or a share; of a stock, and of what is told in steps, the least"
        " of five numbers, so that 5 says 5 to 9. Null of a sum, a median and transfers."
    )
    met_least: int | None = strawberry.field(
        description="Of so many at least it was done; of transfers, so many at least."
    )
    met_most: int | None = strawberry.field(
        description="Of so many at most it was done; of transfers, so many at most."
    )
    amount: float | None = strawberry.field(
        description="Of a sum; a Float, since it may pass 32 bits."
    )
    middle: int | None = strawberry.field(description="Of a median: half lie at or below it.")
    told_at: dt.datetime

    @computed(description="Its cells in words, in Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Its cells in words."""
        if not self.cells:
            return worded(NONE[_WHOLE], lang)
        return ", ".join(worded(one.text, lang, one.code) for one in self.cells)

    @computed(description="Per cent of facts in which it was done, at least; one decimal.")
    def share_least(self) -> float | None:
        """The share at least."""
        return _share(self.met_least, self.facts)

    @computed(description="Per cent of facts in which it was done, at most; one decimal.")
    def share_most(self) -> float | None:
        """The share at most."""
        return _share(self.met_most, self.facts)


@strawberry.type(
    description="Counted now, of the facts that the caller may see: another number than the told one,"
    " which is of the whole kommun, of months that are over, and rounded."
)
class LiveFigure:
    """Counted now, of the facts that the caller may see."""

    from_on: dt.date = strawberry.field(description="Of a flow the month's first day.")
    to_on: dt.date
    facts: int
    met: int
    amount: float
    middle: int | None


@strawberry.type(description="How far the kommun's figures are counted.")
class FiguresState:
    """How far the kommun's figures are counted."""

    counted_to: dt.datetime | None = strawberry.field(
        description="What was registered before it is counted."
    )
    full_at: dt.datetime | None = strawberry.field(
        description="When everything was last counted from nothing."
    )
    differed: int = strawberry.field(
        description="Facts that the last count from nothing found other than they stood."
    )


@strawberry.type(description="An indicator (nyckeltal), defined once.")
class Indicator(DefinedIndicator):
    """An indicator."""

    @computed(description="homes, moving, money, work, loss or law")
    def chapter(self) -> str:
        """Its chapter."""
        return self.model.chapter

    @computed(description="In Swedish (sv) or English (en).")
    def chapter_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Its chapter in words."""
        return worded(CHAPTERS.get(self.model.chapter), lang, self.model.chapter)

    @computed(description="Of the definition: another version is another series.")
    def version(self) -> int:
        """The definition's version."""
        return self.model.version

    @computed(5, description="Of which numbers were told, and the one that holds; newest first.")
    def versions(self, info: Info) -> list[int]:
        """Versions of the definition."""
        found = {self.model.version, *reading.versions(info.context.session, self.model.code)}
        return sorted(found, reverse=True)

    @computed(description="Whose numbers it holds: households, transfers or nobody.")
    def about(self) -> str:
        """Whose numbers it holds."""
        return self.model.about

    @computed(description="Margins that it is told by, besides all.")
    def by(self) -> list[str]:
        """What it is told by."""
        return list(margins(self.model))

    @computed(description="more or fewer; null where neither is.")
    def better(self) -> str | None:
        """Which way is the better."""
        return self.model.better or None

    @computed(
        20,
        description="What was told, of stretches that reach into the months from fromMonth to toMonth"
        " (any day of them; the last 24 that are over unless given), by month and cells. Margin all, or"
        " one of by.",
    )
    def told(
        self,
        info: Info,
        margin: str = _WHOLE,
        from_month: dt.date | None = None,
        to_month: dt.date | None = None,
        version: int | None = None,
    ) -> list[ToldFigure]:
        """What was told."""
        if margin not in (_WHOLE, *margins(self.model)):
            raise ValidationFailed.one("margin", "not_told_by", "not told by this")
        if version is not None and not 1 <= version <= MAX_VERSION:
            raise ValidationFailed.one("version", "range", "not a version", min=1, max=MAX_VERSION)
        last = month_of(to_month or today())
        first = month_of(from_month or add_months(last, -MONTHS))
        ordered(first, last)
        rows = reading.told(
            info.context.session,
            self.model.code,
            margin,
            first,
            last,
            self.model.version if version is None else version,
        )
        return _shown(info.context, rows)

    @computed(
        10,
        description="Counted now, of the facts that the caller may see: of a stock on the day on (today"
        " unless given), of a flow in its month up to it. Not the told number. Null for who reads no"
        " cases, and of what is not counted by case.",
    )
    def now(
        self,
        info: Info,
        on: dt.date | None = None,
        programme: str | None = None,
        step: str | None = None,
        area: str | None = None,
    ) -> LiveFigure | None:
        """Counted now, of the facts that the caller may see."""
        conditions = in_cell(programme, step, area)
        actor = info.context.actor
        if self.model.about != "households" or not reads_cases(actor):
            return None
        day = on or today()
        facts, met, amount, middle = info.context.session.execute(
            select(*live_columns()).where(
                FactRow.tenant_id == actor.tenant_id,
                FactRow.indicator == self.model.code,
                seen_facts(actor),
                *on_day(self.model, day),
                *conditions,
            )
        ).one()
        return LiveFigure(
            from_on=day if self.model.kind == "stock" else month_of(day),
            to_on=day,
            facts=facts,
            met=met,
            amount=float(amount),
            middle=middle,
        )

    @computed(description="Whether the caller may ask for the facts that they see of it.")
    def may_drill(self, info: Info) -> bool:
        """Whether the caller may ask for its facts."""
        actor = info.context.actor
        if self.model.about == "nobody" or not reads_cases(actor):
            return False
        return self.model.code != TRANSFERS or reads_transfers(actor)


def state_shown(run: IndicatorRun | None) -> FiguresState | None:
    """How far the kommun's figures are counted; None before anything is."""
    if run is None:
        return None
    return FiguresState(counted_to=run.counted_to, full_at=run.full_at, differed=run.differed)


def figures_state(context: Context) -> FiguresState | None:
    """How far the kommun's figures are counted."""
    return state_shown(run_of(context.session))


def _shown(context: Context, rows: Sequence[IndicatorTold]) -> list[ToldFigure]:
    texts: dict[tuple[str, str], Any] = {}
    return [
        ToldFigure(
            indicator=one.indicator,
            version=one.version,
            margin=one.margin,
            cells=[_cell(context, one.margin, code, texts) for code in one.cells],
            from_month=one.from_month,
            to_month=one.to_month,
            facts=one.facts,
            met_least=one.met_least,
            met_most=one.met_most,
            amount=None if one.amount is None else float(one.amount),
            middle=one.middle,
            told_at=one.told_at,
        )
        for one in rows
    ]


def _cell(
    context: Context, margin: str, code: str, texts: dict[tuple[str, str], Any]
) -> FigureCell:
    if (margin, code) not in texts:
        texts[margin, code] = cell_text(context, margin, code)
    return FigureCell(code=code, text=texts[margin, code])


def _share(met: int | None, facts: int | None) -> float | None:
    return None if met is None or not facts else round(100 * met / facts, 1)
