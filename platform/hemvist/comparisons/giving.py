"""What a kommun gives those it compares itself with: years of what it has told of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.clock import now, today
from hemvist.comparisons.definitions import comparisons
from hemvist.comparisons.models import IndicatorSharing, SharedFigure
from hemvist.comparisons.service import current
from hemvist.comparisons.years import Year, of_year
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorTold
from hemvist.tenancy import TenantSession

#: So many years back is given: what was longer ago compares with nothing that is decided today.
YEARS = 5
Key = tuple[str, int, int]


def open_sharing(session: TenantSession, comparison: str) -> IndicatorSharing | None:
    """The kommun's part in a comparison as it stands today, locked; None where it takes none."""
    sharing = session.scalar(
        select(IndicatorSharing)
        .where(IndicatorSharing.comparison == comparison, IndicatorSharing.state == "open")
        .with_for_update()
    )
    return sharing if sharing is not None and current(sharing) else None


def give(session: TenantSession, sharing: IndicatorSharing) -> int:
    """Add the years that have been told and not been given yet; how many."""
    given = {
        (one.indicator, one.version, one.year)
        for one in session.execute(
            select(SharedFigure.indicator, SharedFigure.version, SharedFigure.year).where(
                SharedFigure.sharing_id == sharing.id
            )
        )
    }
    new = {key: year for key, year in told_years(session, sharing).items() if key not in given}
    for (indicator, version, year), figure in new.items():
        session.save(
            SharedFigure(
                sharing_id=sharing.id,
                indicator=indicator,
                version=version,
                year=year,
                given_at=now(),
                **asdict(figure),
            )
        )
    return len(new)


def told_years(session: TenantSession, sharing: IndicatorSharing) -> dict[Key, Year]:
    """The years that the kommun has told of itself, by indicator, version and year.

    Of the kommun as a whole alone: no programme, area or group.
    """
    known = catalogue()
    indicators = [one for one in comparisons()[sharing.comparison].indicators if one in known]
    first, last = today().year - YEARS, today().year - 1
    blocks: dict[tuple[str, int], list[IndicatorTold]] = defaultdict(list)
    for told in session.scalars(
        select(IndicatorTold).where(
            IndicatorTold.indicator.in_(indicators),
            IndicatorTold.margin == "all",
            IndicatorTold.to_month >= date(first, 1, 1),
        )
    ):
        blocks[told.indicator, told.version].append(told)
    found: dict[Key, Year] = {}
    for (indicator, version), own in blocks.items():
        definition = known[indicator]
        # Of an earlier definition it is not known here how its months become a year.
        if version != definition.version:
            continue
        for year in range(first, last + 1):
            figure = of_year(definition, own, year)
            if figure is not None:
                found[indicator, version, year] = figure
    return found


def given(session: TenantSession, sharing: IndicatorSharing) -> dict[Key, dict[str, Any]]:
    """What the kommun has given since it last joined, as it is carried to the others."""
    rows: Sequence[SharedFigure] = session.scalars(
        select(SharedFigure).where(SharedFigure.sharing_id == sharing.id)
    ).all()
    return {(one.indicator, one.version, one.year): carried(one) for one in rows}


#: The numbers of a figure, by the names of their columns.
NUMBERS = ("facts", "met_least", "met_most", "amount", "middle_least", "middle_most")


def carried(figure: SharedFigure) -> dict[str, Any]:
    """A figure's months, and the numbers that it has."""
    numbers = {name: number for name in NUMBERS if (number := getattr(figure, name)) is not None}
    span = {"from_month": figure.from_month.isoformat(), "to_month": figure.to_month.isoformat()}
    return {**span, **numbers}
