"""Quotas as they held through the versions of an agreement, ready to be reckoned with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from hemvist.quotas.calendar import ONE_DAY, Days


@dataclass(frozen=True, slots=True)
class Term:
    """One quota on the days on which one version of the agreement held."""

    agreement_id: UUID
    code: str
    kind: str
    per: str
    days: Days
    position: int = 1
    homes: int | None = None
    #: Hundredths of a percent.
    share_bp: int | None = None
    rounding: str = "nearest"
    counts: str = "let"
    delivered_in: str = "any"
    excluded_areas: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    within_code: str | None = None
    label: str = ""
    #: binding, target or observed.
    force: str = "binding"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that shares are taken of: of an area, from a day, of a period where it has an end."""

    kind: str
    homes: int
    start: date
    end: date | None = None
    area: str = ""
    #: The land deal that homes were completed under.
    agreement_id: UUID | None = None


class Row(Protocol):
    """A quota's line in a version (``hemvist.agreements.quota_models.QuotaTerm``)."""

    agreement_id: UUID
    version_id: UUID
    code: str
    kind: str
    per: str
    position: int
    homes: int | None
    share_bp: int | None
    rounding: str
    counts: str
    delivered_in: str
    excluded_areas: list[str]
    properties: list[str]
    within_code: str | None
    label: str
    force: str


def version_days(versions: Iterable[tuple[UUID, date]], last: date | None) -> dict[UUID, Days]:
    """The days on which each version in force holds, by id: until the next one's first day.

    ``versions`` are ids with first days, ``last`` the agreement's last day. A version that would only
    begin after that day holds on none.
    """
    ordered = sorted(versions, key=lambda one: one[1])
    found: dict[UUID, Days] = {}
    for number, (version_id, start) in enumerate(ordered):
        end = last
        if number + 1 < len(ordered):
            before_next = ordered[number + 1][1] - ONE_DAY
            end = before_next if end is None else min(before_next, end)
        if end is None or start <= end:
            found[version_id] = Days(start, end)
    return found


def terms_of(rows: Iterable[Row], days: dict[UUID, Days]) -> list[Term]:
    """The quotas of an agreement's versions, each with its days."""
    return [
        Term(
            agreement_id=row.agreement_id,
            code=row.code,
            kind=row.kind,
            per=row.per,
            days=days[row.version_id],
            position=row.position,
            homes=row.homes,
            share_bp=row.share_bp,
            rounding=row.rounding,
            counts=row.counts,
            delivered_in=row.delivered_in,
            excluded_areas=frozenset(row.excluded_areas),
            properties=frozenset(row.properties),
            within_code=row.within_code,
            label=row.label,
            force=row.force,
        )
        for row in rows
        if row.version_id in days
    ]


def at(terms: Sequence[Term], day: date) -> Term | None:
    """Of one quota's terms the one that holds on the day."""
    return next((one for one in terms if one.days.holds(day)), None)
