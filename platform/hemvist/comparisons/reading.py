"""What a kommun reads of a comparison that it takes part in: its own rows, as it was given them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.comparisons.definitions import comparisons
from hemvist.comparisons.giving import NUMBERS
from hemvist.comparisons.inhabitants import Inhabitants, of_year, rate
from hemvist.comparisons.models import ComparedFigure, IndicatorSharing, SharedFigure
from hemvist.comparisons.service import current, may_see
from hemvist.comparisons.years import months
from hemvist.identity import Action, Actor, allows
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.tenancy import Tenant, TenantSession

#: Of which a number by inhabitants says something: how many, or how much; not a share, not a middle.
_BY_INHABITANTS = ("count", "sum")
#: Months that a flow is reckoned to, so that stretches of other lengths compare.
_YEAR = 12


@dataclass(frozen=True, slots=True)
class MemberFigure:
    """What one kommun told of a year. ``middle``: the amount in the middle lies between the two."""

    kommun: str
    name: str
    own: bool
    from_month: date
    to_month: date
    facts: int | None
    met_least: int | None
    met_most: int | None
    amount: int | None
    middle_least: int | None
    middle_most: int | None
    #: For each 10 000 inhabitants, of a flow in twelve months; None where that says nothing, or nobody
    #: has said how many they are.
    rate: float | None
    inhabitants: Inhabitants | None


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator in a year, by kommun, in the order of their names."""

    definition: Definition
    year: int
    figures: tuple[MemberFigure, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A year of an indicator that the kommun has given, or gave before it left."""

    definition: Definition
    year: int
    from_month: date
    to_month: date


def sharings(session: TenantSession, actor: Actor) -> Mapping[str, IndicatorSharing]:
    """The kommun's latest part in each comparison, by the comparison's code; nothing for strangers."""
    if not may_see(actor):
        return {}
    found = session.scalars(
        select(IndicatorSharing).order_by(IndicatorSharing.proposed_at, IndicatorSharing.id)
    )
    return {one.comparison: one for one in found}


def open_part(session: TenantSession, actor: Actor, comparison: str) -> IndicatorSharing | None:
    """The kommun's open part in a comparison, for who reads figures; None where it takes none."""
    if not allows(actor, Action.FIGURES_READ):
        return None
    sharing = sharings(session, actor).get(comparison)
    if sharing is None or sharing.state != "open" or not current(sharing):
        return None
    return sharing


def years(session: TenantSession, sharing: IndicatorSharing) -> list[int]:
    """The years of which there is something to compare, the latest first."""
    return list(
        session.scalars(
            select(ComparedFigure.year)
            .where(ComparedFigure.sharing_id == sharing.id)
            .distinct()
            .order_by(ComparedFigure.year.desc())
        )
    )


def compared(session: TenantSession, sharing: IndicatorSharing, year: int) -> list[Compared]:
    """The indicators that enough have told of in ``year``, in the comparison's order."""
    rows = session.scalars(
        select(ComparedFigure).where(
            ComparedFigure.sharing_id == sharing.id, ComparedFigure.year == year
        )
    ).all()
    names = kommun_names(session, {code for row in rows for code in row.figures})
    own = own_code(session)
    known = {(row.indicator, row.version): row for row in rows}
    found: list[Compared] = []
    for code in comparisons()[sharing.comparison].indicators:
        definition = catalogue().get(code)
        row = known.get((code, definition.version)) if definition is not None else None
        if definition is None or row is None:
            continue
        figures = (
            _figure(definition, kommun, names.get(kommun, kommun), kommun == own, year, numbers)
            for kommun, numbers in row.figures.items()
        )
        found.append(Compared(definition, year, tuple(sorted(figures, key=lambda one: one.name))))
    return found


def given(session: TenantSession, sharing_id: UUID) -> list[Given]:
    """What the kommun has given in a sharing, the latest year first: others may have kept it."""
    rows = session.scalars(
        select(SharedFigure)
        .where(SharedFigure.sharing_id == sharing_id)
        .order_by(SharedFigure.year.desc(), SharedFigure.indicator)
    )
    return [
        Given(catalogue()[one.indicator], one.year, one.from_month, one.to_month)
        for one in rows
        if one.indicator in catalogue()
    ]


def kommun_names(session: TenantSession, codes: set[str] | Sequence[str]) -> dict[str, str]:
    """The names of kommuner by their codes."""
    found = session.execute(
        select(Tenant.kommun_code, Tenant.name)
        .where(Tenant.kommun_code.in_(sorted(codes)))
        .order_by(Tenant.name)
    )
    return dict(found.tuples().all())


def own_code(session: TenantSession) -> str:
    """The kommun's own code."""
    return session.scalars(select(Tenant.kommun_code).where(Tenant.id == session.tenant_id)).one()


def _figure(
    definition: Definition, kommun: str, name: str, own: bool, year: int, numbers: Mapping[str, Any]
) -> MemberFigure:
    first, last = (date.fromisoformat(numbers[one]) for one in ("from_month", "to_month"))
    people = of_year(kommun, year) if definition.measure in _BY_INHABITANTS else None
    number = numbers.get("amount" if definition.measure == "sum" else "facts")
    pace = 1 if definition.kind == "stock" else _YEAR / months(first, last)
    return MemberFigure(
        kommun=kommun,
        name=name,
        own=own,
        from_month=first,
        to_month=last,
        **{column: numbers.get(column) for column in NUMBERS},
        rate=None if people is None or number is None else rate(number * pace, people),
        inhabitants=people,
    )
