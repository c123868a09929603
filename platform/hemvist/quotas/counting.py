"""What the record shows of a quota: homes offered, taken in, declined, delivered, returned.

A *turn* is the way of one home with the kommun, from the day the landlord offered it until the kommun
gave it back. A home that comes again after that is a turn of its own, and counts anew; one that is
let to another household within its turn does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from hemvist.quotas.agreed import rounded
from hemvist.quotas.calendar import Days
from hemvist.quotas.terms import Term

#: Days whose deliveries tell at which pace homes come.
PACE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Turn:
    """One home from offer to return, by the days on which things happened."""

    id: UUID
    offered_on: date
    area: str = ""
    property_designation: str = ""
    #: Taken in by the kommun, or declined by it (the unit refused, not a household's answer).
    taken_in_on: date | None = None
    refused_on: date | None = None
    #: The first day of the first contract.
    let_on: date | None = None
    returned_on: date | None = None
    #: The tenant took the lease over (överlåtelse): the home is the kommun's no longer.
    taken_over_on: date | None = None
    #: A person's word: (agreement, code), or (None, None) for nothing.
    placed: tuple[UUID | None, str | None] | None = None

    @property
    def left_on(self) -> date | None:
        """The day from which the kommun has it no longer."""
        return min((day for day in (self.returned_on, self.taken_over_on) if day), default=None)


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of a period to a day, in homes."""

    offered: int = 0
    taken_in: int = 0
    refused: int = 0
    delivered: int = 0
    returned: int = 0
    #: Taken in, and neither let nor given back yet.
    in_hand: int = 0


def credits(turn: Turn, terms: Sequence[Term]) -> frozenset[tuple[UUID, str]]:
    """The quotas that a turn counts towards: (agreement, code).

    Where a person has said which, that one; else, by the day the home was offered, the first quota
    that it fits of those over a time, and the first of the standing ones. Either way also those that
    the quota lies within. A number beside requirements, and a quota within another, take only what
    a person places there.
    """
    if turn.placed is not None:
        agreement, code = turn.placed
        if agreement is None or code is None:
            return frozenset()
        return _with_outer(agreement, code, terms)
    held = sorted(
        (one for one in terms if one.days.holds(turn.offered_on)),
        key=lambda one: (one.position, one.agreement_id),
    )
    found: set[tuple[UUID, str]] = set()
    for standing in (False, True):
        first = next(
            (one for one in held if (one.per == "standing") is standing and _fits(turn, one)), None
        )
        if first is not None:
            found |= _with_outer(first.agreement_id, first.code, terms)
    return frozenset(found)


def _fits(turn: Turn, term: Term) -> bool:
    if term.kind == "beside_requirements" or term.within_code is not None:
        return False
    if turn.area in term.excluded_areas:
        return False
    inside = turn.property_designation in term.properties
    if term.delivered_in == "existing":
        return not inside
    return inside or not term.properties


def _with_outer(agreement: UUID, code: str, terms: Sequence[Term]) -> frozenset[tuple[UUID, str]]:
    outer: dict[str, set[str]] = {}
    for one in terms:
        if one.agreement_id == agreement and one.within_code is not None:
            outer.setdefault(one.code, set()).add(one.within_code)
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += outer.get(here, ())
    return frozenset((agreement, one) for one in found)


def by_quota(turns: Iterable[Turn], terms: Sequence[Term]) -> Mapping[tuple[UUID, str], list[Turn]]:
    """The turns that count towards each quota."""
    found: dict[tuple[UUID, str], list[Turn]] = {}
    for turn in turns:
        for key in credits(turn, terms):
            found.setdefault(key, []).append(turn)
    return found


def counted(turns: Sequence[Turn], days: Days, until: date, *, per: str, counts: str) -> Counted:
    """The figures of one quota's turns on ``days``, to ``until``.

    Delivered of a quota over a time are the homes whose day of delivery (``counts``: let, or taken
    in) lies there; of a standing one those that the kommun has on ``until``.
    """
    seen = days.common(Days(days.start, until))
    if seen is None:
        return Counted()
    on = min(until, days.end) if days.end is not None else until
    if per == "standing":
        delivered = sum(_at_disposal(one, on, counts) for one in turns)
    else:
        delivered = sum(seen.holds(_delivery(one, counts)) for one in turns)
    return Counted(
        offered=sum(seen.holds(one.offered_on) for one in turns),
        taken_in=sum(seen.holds(one.taken_in_on) for one in turns),
        refused=sum(seen.holds(one.refused_on) for one in turns),
        delivered=delivered,
        returned=sum(seen.holds(one.returned_on) for one in turns),
        in_hand=sum(_in_hand(one, on) for one in turns),
    )


def forecast(
    turns: Sequence[Turn], delivered: int, in_hand: int, days: Days, until: date, *, counts: str
) -> int | None:
    """Homes delivered by the period's last day if they go on coming as in the past year.

    At least those that the kommun has in hand. None where the period has no last day.
    """
    if days.end is None:
        return None
    left = max((days.end - until).days, 0)
    if left == 0:
        return delivered
    first = date.fromordinal(until.toordinal() - PACE_DAYS + 1)
    recent = sum(Days(first, until).holds(_delivery(one, counts)) for one in turns)
    coming = rounded(Fraction(recent * left, PACE_DAYS), "nearest")
    return delivered + max(coming, in_hand if counts == "let" else 0)


def _delivery(turn: Turn, counts: str) -> date | None:
    return turn.let_on if counts == "let" else turn.taken_in_on


def _at_disposal(turn: Turn, on: date, counts: str) -> bool:
    day = _delivery(turn, counts)
    return day is not None and day <= on and (turn.left_on is None or turn.left_on > on)


def _in_hand(turn: Turn, on: date) -> bool:
    if turn.taken_in_on is None or turn.taken_in_on > on:
        return False
    return all(day is None or day > on for day in (turn.let_on, turn.left_on))
