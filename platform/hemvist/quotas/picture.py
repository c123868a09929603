"""A quota's picture for a period: agreed, and what became of it. The same for kommun and landlord."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemvist.quotas.agreed import Agreed, agreed
from hemvist.quotas.calendar import Days, periods
from hemvist.quotas.counting import Counted, Turn, by_quota, counted, forecast
from hemvist.quotas.terms import Figure, Term


@dataclass(frozen=True, slots=True)
class Line:
    """A quota in one period. ``until`` is the last day that was counted."""

    agreement_id: UUID
    code: str
    #: The version's line that holds last in the period: its words and force.
    term: Term
    period: Days
    until: date
    agreed: Agreed
    #: What should have been delivered by ``until``; the same as ``agreed`` of a standing quota.
    agreed_by_now: Agreed
    counted: Counted
    forecast: int | None

    @property
    def left(self) -> int:
        """Homes that are still to come; none where more were delivered."""
        return max(self.agreed.homes - self.counted.delivered, 0)


@dataclass(frozen=True, slots=True)
class Material:
    """All that the pictures of one landlord in one kommun are made of."""

    #: By agreement, the days of its term.
    agreements: Mapping[UUID, Days]
    terms: Sequence[Term]
    figures: Sequence[Figure]
    turns: Sequence[Turn]


def lines(material: Material, within: Days, today: date) -> list[Line]:
    """Every quota in every period that shares a day with ``within`` and has begun.

    In the order of agreements, quotas and periods.
    """
    by = by_quota(material.turns, material.terms)
    found: list[Line] = []
    for (agreement, code), terms in _by_code(material.terms).items():
        term_days = material.agreements[agreement]
        for period in periods(_per(terms), within, term_days):
            if period.start > today:
                continue
            line = _line(terms, material.figures, by.get((agreement, code), []), period, today)
            if line is not None:
                found.append(line)
    return found


def _line(
    terms: Sequence[Term],
    figures: Sequence[Figure],
    turns: Sequence[Turn],
    period: Days,
    today: date,
) -> Line | None:
    until = today if period.end is None else min(today, period.end)
    standing = _per(terms) == "standing"
    whole = agreed(terms, figures, period, until if standing or period.end is None else period.end)
    by_now = agreed(terms, figures, period, until)
    if whole is None:
        return None
    last = max(
        (one for one in terms if one.days.start <= (period.end or until)),
        default=None,
        key=lambda one: one.days.start,
    )
    assert last is not None
    done = counted(turns, period, until, per=last.per, counts=last.counts)
    return Line(
        agreement_id=last.agreement_id,
        code=last.code,
        term=last,
        period=period,
        until=until,
        agreed=Agreed(whole.exact, whole.rounding, by_now.unknown_days if by_now else 0),
        agreed_by_now=by_now or Agreed(whole.exact * 0, whole.rounding),
        counted=done,
        forecast=(
            None
            if standing
            else forecast(turns, done.delivered, done.in_hand, period, until, counts=last.counts)
        ),
    )


def _per(terms: Sequence[Term]) -> str:
    """What the latest version counts it by."""
    return max(terms, key=lambda one: one.days.start).per


def _by_code(terms: Iterable[Term]) -> dict[tuple[UUID, str], list[Term]]:
    found: dict[tuple[UUID, str], list[Term]] = {}
    for one in sorted(terms, key=lambda one: (one.agreement_id, one.position)):
        found.setdefault((one.agreement_id, one.code), []).append(one)
    return found
