"""What is told of a ledger: no two tellings differ by so little that a move shows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.transfer_ledger.telling import Move, Rules, Told, quarter_to_tell, tell

RULES = Rules()
FIRST = date(2026, 3, 31)
QUARTERS = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
KOMMUNER = [UUID(int=number) for number in range(1, 9)]


@st.composite
def histories(draw: st.DrawFn) -> list[Move]:
    """Moves of one year between a few kommuner."""
    chosen = draw(
        st.lists(
            st.tuples(
                st.permutations(KOMMUNER).map(lambda some: tuple(some[:2])),
                st.integers(1, 3),
                st.integers(0, 364),
            ),
            max_size=80,
        )
    )
    return [
        Move(UUID(int=1000 + number), *both, urgency, date(2026, 1, 1) + timedelta(days=day))
        for number, (both, urgency, day) in enumerate(chosen)
    ]


def tellings(moves: list[Move], rules: Rules = RULES) -> list[Told]:
    told, all_of_them = Told(), []
    for quarter in QUARTERS:
        told = tell(moves, quarter, told, rules)
        all_of_them.append(told)
    return all_of_them


@given(histories())
def test_every_difference_is_nothing_or_a_large_step_whatever_one_member_knows(
    moves: list[Move],
) -> None:
    by_id = {move.id: move for move in moves}
    before = Told()
    for after in tellings(moves):
        for cell, ids in after.by_cell.items():
            new = [by_id[one] for one in ids - before.by_cell.get(cell, frozenset())]
            assert after.figures[cell] - before.figures.get(cell, 0) == len(new)
            for reader in KOMMUNER:
                unknown = [m for m in new if reader not in (m.sender, m.receiver)]
                assert not new or len(unknown) >= RULES.least
        for member, band in after.bands.items():
            if band == before.bands.get(member):
                continue
            ids = after.by_member[member] - before.by_member.get(member, frozenset())
            new = [by_id[one] for one in ids]
            partners = Counter(one for m in new for one in (m.sender, m.receiver) if one != member)
            assert len(new) - max(partners.values(), default=0) >= RULES.least
        before = after


@given(histories())
def test_figures_never_tell_more_than_there_was(moves: list[Move]) -> None:
    for quarter, told in zip(QUARTERS, tellings(moves), strict=True):
        there = Counter(move.cell for move in moves if move.recorded_on <= quarter)
        assert all(value <= there[cell] for cell, value in told.figures.items())


@given(histories(), st.randoms())
def test_the_order_of_the_rows_tells_nothing(moves: list[Move], chance: object) -> None:
    shuffled = list(moves)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tellings(moves) == tellings(shuffled)


def some(count: int, sender: int, receivers: list[int], on: date = FIRST) -> list[Move]:
    return [
        Move(
            UUID(int=5000 + 100 * sender + number),
            KOMMUNER[sender],
            KOMMUNER[receivers[number % len(receivers)]],
            2,
            on,
        )
        for number in range(count)
    ]


def test_four_moves_are_not_told_and_five_of_one_kommun_neither() -> None:
    four = [move for sender in range(4) for move in some(1, sender, [sender + 4])]
    assert tell(four, FIRST, Told(), RULES).figures == {}
    assert tell(some(5, 0, [1, 2, 3]), FIRST, Told(), RULES).figures == {}
    six = four + some(2, 6, [5])
    assert tell(six, FIRST, Told(), RULES).figures == {}
    eight = four + [move for sender in range(4) for move in some(1, 7 - sender, [3 - sender])]
    assert tell(eight, FIRST, Told(), RULES).figures == {"urgency-2": 8}


def test_a_balance_is_told_as_a_band_when_enough_has_come_between() -> None:
    moves = some(7, 0, [1, 2, 3, 4, 5, 6, 7])
    told = tell(moves, FIRST, Told(), RULES)
    assert told.bands[KOMMUNER[0]] == (-10, -6)
    # One more move, into another band: told of later.
    more = [*moves, *some(1, 1, [0], date(2026, 4, 1))]
    assert tell(more, QUARTERS[1], told, RULES).bands == told.bands


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 6, 29), date(2026, 3, 31)),
        (date(2026, 6, 28), date(2025, 12, 31)),
        (date(2026, 11, 22), date(2026, 6, 30)),
        (date(2027, 3, 31), date(2026, 12, 31)),
        (date(2027, 3, 30), date(2026, 9, 30)),
    ],
)
def test_ninety_days_after_the_quarter(day: date, quarter: date) -> None:
    assert quarter_to_tell(day, RULES) == quarter
