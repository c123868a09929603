"""Comparisons: what is given in one, who takes part, and what they have told of a year."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.comparisons import reading
from hemvist.comparisons.definitions import Comparison as Definition
from hemvist.comparisons.reading import Compared, MemberFigure
from hemvist.errors import ValidationFailed
from hemvist.identity import Action, allows
from hemvist.indicators.definitions import catalogue
from hemvist_graphql.context import Info
from hemvist_graphql.indicators.defined import DefinedIndicator
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed

YEARS = (1900, 2999)


@strawberry.type(description="An indicator that those who take part in a comparison give.")
class ComparisonIndicator(DefinedIndicator):
    """An indicator that those who take part in a comparison give."""


@strawberry.type(description="A kommun that takes part.")
class ComparisonMember:
    """A kommun that takes part."""

    code: str
    name: str
    own: bool = strawberry.field(description="Whether it is the caller's.")


@strawberry.type(
    description="What a kommun told of a year: of a flow the told stretches of months that end in it, of"
    " a stock its last told month."
)
class ComparedFigure:
    """What a kommun told of a year."""

    kommun: str = strawberry.field(description="Its code.")
    name: str
    own: bool = strawberry.field(description="Whether it is the caller's.")
    from_month: dt.date = strawberry.field(description="The first day of the first month told.")
    to_month: dt.date = strawberry.field(description="The first day of the last month told.")
    facts: int | None = strawberry.field(
        description="How many, of a count or a share; of a stock in steps of five downwards."
    )
    share_least: float | None = strawberry.field(description="Per cent at least; one decimal.")
    share_most: float | None = strawberry.field(description="Per cent at most; one decimal.")
    amount: float | None = strawberry.field(
        description="Of a sum; a Float, since it may pass 32 bits."
    )
    middle_least: int | None = strawberry.field(
        description="Of a median: it lies between this and middleMost."
    )
    middle_most: int | None
    rate: float | None = strawberry.field(
        description="For each 10 000 inhabitants, of a flow in twelve months; null where that says"
        " nothing, or the inhabitants are not known here."
    )
    inhabitants: int | None
    inhabitants_on: dt.date | None
    inhabitants_source: str | None


@strawberry.type(
    description="An indicator in a year, by kommun in the order of their names: only those of which three"
    " or more have told by the same version of its definition."
)
class ComparedIndicator:
    """An indicator in a year, by kommun."""

    indicator: ComparisonIndicator
    version: int = strawberry.field(description="Of its definition.")
    year: int
    figures: list[ComparedFigure]


@strawberry.type(description="A year of an indicator that the kommun has given.")
class GivenFigure:
    """A year of an indicator that the kommun has given."""

    indicator: ComparisonIndicator
    year: int
    from_month: dt.date
    to_month: dt.date


@strawberry.type(
    description="A comparison (jämförelse) among kommuner that have opted in: who gives its told figures"
    " sees the others', and nobody else does."
)
class Comparison:
    """A comparison among kommuner that have opted in."""

    model: strawberry.Private[Definition]
    asked: strawberry.Private[int | None]

    @computed()
    def code(self) -> str:
        """Its code."""
        return self.model.code

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Its name."""
        return worded(self.model.label, lang, self.model.code)

    @computed(description="What it is about, in Swedish (sv) or English (en).")
    def about(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is about."""
        return worded(self.model.about, lang)

    @computed(description="What those who take part give of themselves, and nothing else.")
    def indicators(self) -> list[ComparisonIndicator]:
        """What those who take part give."""
        known = catalogue()
        return [
            ComparisonIndicator(model=known[code])
            for code in self.model.indicators
            if code in known
        ]

    @computed(description="Whether the caller may propose that the kommun takes part.")
    def may_propose(self, info: Info) -> bool:
        """Whether the caller may propose that the kommun takes part."""
        found = reading.sharings(info.context.session, info.context.actor).get(self.model.code)
        return (found is None or found.state == "ended") and allows(
            info.context.actor, Action.SHARING_PROPOSE
        )

    @computed(
        3,
        description="Who took part when figures were last carried; none for who takes no part.",
    )
    def members(self, info: Info) -> list[ComparisonMember]:
        """Who takes part."""
        session = info.context.session
        part = reading.open_part(session, info.context.actor, self.model.code)
        if part is None:
            return []
        return [
            ComparisonMember(code=code, name=name, own=code == reading.own_code(session))
            for code, name in reading.kommun_names(session, part.members).items()
        ]

    @computed(3, description="Years of which there is something to compare, the latest first.")
    def years(self, info: Info) -> list[int]:
        """Years of which there is something to compare."""
        part = reading.open_part(info.context.session, info.context.actor, self.model.code)
        return [] if part is None else reading.years(info.context.session, part)

    @computed(
        10,
        description="What those who take part have told of the year asked for, else of the latest; none"
        " for who takes no part.",
    )
    def figures(self, info: Info) -> list[ComparedIndicator]:
        """What those who take part have told of a year."""
        session = info.context.session
        part = reading.open_part(session, info.context.actor, self.model.code)
        if part is None:
            return []
        year = self.asked or next(iter(reading.years(session, part)), None)
        return (
            [] if year is None else [_shown(one) for one in reading.compared(session, part, year)]
        )

    @computed(
        3,
        description="What the kommun has given since it last joined: others may have kept it, also when"
        " it has left.",
    )
    def given(self, info: Info) -> list[GivenFigure]:
        """What the kommun has given."""
        found = reading.sharings(info.context.session, info.context.actor).get(self.model.code)
        if found is None:
            return []
        return [
            GivenFigure(
                indicator=ComparisonIndicator(model=one.definition),
                year=one.year,
                from_month=one.from_month,
                to_month=one.to_month,
            )
            for one in reading.given(info.context.session, found.id)
        ]


def require_year(year: int | None) -> int | None:
    """``year``, when it can be meant. Raises ``ValidationFailed`` (range)."""
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        raise ValidationFailed.one("year", "range", "not a year", min=YEARS[0], max=YEARS[1])
    return year


def _shown(found: Compared) -> ComparedIndicator:
    return ComparedIndicator(
        indicator=ComparisonIndicator(model=found.definition),
        version=found.definition.version,
        year=found.year,
        figures=[_figure(one) for one in found.figures],
    )


def _figure(one: MemberFigure) -> ComparedFigure:
    people = one.inhabitants
    return ComparedFigure(
        kommun=one.kommun,
        name=one.name,
        own=one.own,
        from_month=one.from_month,
        to_month=one.to_month,
        facts=one.facts,
        share_least=_share(one.met_least, one.facts),
        share_most=_share(one.met_most, one.facts),
        amount=None if one.amount is None else float(one.amount),
        middle_least=one.middle_least,
        middle_most=one.middle_most,
        rate=one.rate,
        inhabitants=None if people is None else people.count,
        inhabitants_on=None if people is None else people.on,
        inhabitants_source=None if people is None else people.source,
    )


def _share(met: int | None, facts: int | None) -> float | None:
    return None if met is None or not facts else round(100 * met / facts, 1)
