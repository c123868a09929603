"""What may be told of a ledger without telling of a move: figures that only go in large steps.

A figure that counts every move tells of each: whoever reads it twice sees what came between. Here
a figure stays where it was until so many moves wait to be told that it goes on by at least
``least`` even for a reader who takes away all that one member knows itself. So every difference
between two days is nothing, or a step that large; and no day but the end of a quarter is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """What the network has decided about telling."""

    #: A step that tells of fewer moves is not taken.
    least: int = 5
    #: How many balances lie in one band.
    band: int = 5
    #: Days between the end of a quarter and the day on which it is told.
    delay_days: int = 90


@dataclass(frozen=True, slots=True)
class Move:
    """A household that has moved."""

    id: UUID
    sender: UUID
    receiver: UUID
    urgency: int
    #: The day on which it was written: what comes in late is told with what it came in with.
    recorded_on: date

    @property
    def cell(self) -> str:
        """The figure that it is counted in."""
        return f"urgency-{self.urgency}"


@dataclass(frozen=True, slots=True)
class Told:
    """What has been told, and of which moves."""

    bands: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    #: Ids of the moves that a member's band, and a cell's figure, rest on.
    by_member: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    by_cell: Mapping[str, frozenset[UUID]] = field(default_factory=dict)


def quarter_to_tell(day: date, rules: Rules) -> date:
    """The last day of the latest quarter that may be told on ``day``."""
    latest = day - timedelta(days=rules.delay_days)
    first = date(latest.year, latest.month - (latest.month - 1) % _QUARTER, 1)
    month_after = (latest + timedelta(days=1)).replace(day=1)
    ends_today = latest + timedelta(days=1) == month_after and latest.month % _QUARTER == 0
    return latest if ends_today else first - timedelta(days=1)


def tell(moves: Sequence[Move], as_of: date, before: Told, rules: Rules) -> Told:
    """What is told of the moves that were written until ``as_of``, after ``before``."""
    within = [move for move in moves if move.recorded_on <= as_of]
    bands, by_member = dict(before.bands), dict(before.by_member)
    for member in sorted({one for move in within for one in (move.sender, move.receiver)}):
        own = [move for move in within if member in (move.sender, move.receiver)]
        waiting = [move for move in own if move.id not in by_member.get(member, frozenset())]
        # Its partner in a move knows of the move.
        if _large_enough(waiting, rules, apart_from=member):
            balance = sum(1 if move.receiver == member else -1 for move in own)
            low = balance // rules.band * rules.band
            bands[member] = (low, low + rules.band - 1)
            by_member[member] = frozenset(move.id for move in own)
    figures, by_cell = dict(before.figures), dict(before.by_cell)
    for cell in sorted({move.cell for move in within}):
        counted = by_cell.get(cell, frozenset())
        waiting = [move for move in within if move.cell == cell and move.id not in counted]
        if _large_enough(waiting, rules):
            figures[cell] = figures.get(cell, 0) + len(waiting)
            by_cell[cell] = counted | {move.id for move in waiting}
    return Told(bands, figures, by_member, by_cell)


def _large_enough(waiting: Iterable[Move], rules: Rules, apart_from: UUID | None = None) -> bool:
    """Whether ``least`` moves are left for a reader who knows those of any one member."""
    moves = list(waiting)
    known = Counter(
        member for move in moves for member in (move.sender, move.receiver) if member != apart_from
    )
    most = max(known.values(), default=0)
    return len(moves) - most >= rules.least
