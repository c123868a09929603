"""Turns of homes, made of what the record says: vacancies, and states of units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemvist.quotas.counting import Turn


@dataclass(frozen=True, slots=True)
class Reported:
    """A vacancy (ledig bostad) that the landlord reported, and what the kommun said to it."""

    id: UUID
    reported_on: date
    area: str = ""
    property_designation: str = ""
    #: The home it became, once taken in.
    unit_id: UUID | None = None
    taken_in_on: date | None = None
    refused_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A home's state from a day; in the order in which they were written."""

    unit_id: UUID
    state: str
    on: date
    #: "taken_over" where the tenant took the lease over (överlåtelse); else it does not matter here.
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a home lies, and what a person said that it counts towards."""

    unit_id: UUID
    area: str = ""
    property_designation: str = ""
    placed: tuple[UUID | None, str | None] | None = None


def turns_of(
    reported: Iterable[Reported],
    homes: Iterable[Home],
    changes: Iterable[Change],
) -> list[Turn]:
    """Every turn of these homes, and one for each vacancy that became none."""
    of_unit: dict[UUID, list[Reported]] = {}
    found: list[Turn] = []
    for one in reported:
        if one.unit_id is not None and one.taken_in_on is not None:
            of_unit.setdefault(one.unit_id, []).append(one)
        else:
            found.append(
                Turn(
                    id=one.id,
                    offered_on=one.reported_on,
                    area=one.area,
                    property_designation=one.property_designation,
                    refused_on=one.refused_on,
                )
            )
    changed: dict[UUID, list[Change]] = {}
    for change in changes:
        changed.setdefault(change.unit_id, []).append(change)
    for home in homes:
        found += _of_home(home, of_unit.get(home.unit_id, []), changed.get(home.unit_id, []))
    return found


@dataclass(slots=True)
class _Span:
    """The days of one turn."""

    start: date
    let: date | None = None
    over: date | None = None
    taken_over: bool = False


def _of_home(home: Home, reported: Sequence[Reported], changes: Sequence[Change]) -> list[Turn]:
    """The home's turns: each from the state after none, or after ``returned``, to ``returned``."""
    spans: list[_Span] = []
    for change in changes:
        if not spans or spans[-1].over is not None:
            if change.state == "returned":
                continue
            spans.append(_Span(change.on))
        span = spans[-1]
        if change.state == "returned":
            span.over, span.taken_over = change.on, change.cause == "taken_over"
        elif change.state == "let" and span.let is None:
            span.let = change.on
    found: list[Turn] = []
    waiting = sorted(reported, key=lambda one: (one.taken_in_on or date.max, one.id))
    for number, span in enumerate(spans):
        following = spans[number + 1].start if number + 1 < len(spans) else None
        vacancy = next((one for one in waiting if _of_span(one, span.start, following)), None)
        if vacancy is not None:
            waiting.remove(vacancy)
        found.append(
            Turn(
                id=vacancy.id if vacancy is not None else home.unit_id,
                offered_on=(
                    span.start if vacancy is None else min(vacancy.reported_on, span.start)
                ),
                area=home.area,
                property_designation=home.property_designation,
                taken_in_on=span.start,
                let_on=span.let,
                returned_on=None if span.taken_over else span.over,
                taken_over_on=span.over if span.taken_over else None,
                placed=home.placed,
            )
        )
    return found


def _of_span(one: Reported, start: date, following: date | None) -> bool:
    assert one.taken_in_on is not None
    return one.taken_in_on >= start and (following is None or one.taken_in_on < following)
