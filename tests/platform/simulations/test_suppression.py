"""No figure of fewer than five households is shown, nor can it be worked out from what is shown.

The oracle knows nothing of cycles: it tries every table that agrees with what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.simulations.suppression import THRESHOLD, is_open, left_out, pooled

Table = list[list[int]]


def tables(rows: int, columns: int, most: int = 30) -> st.SearchStrategy[Table]:
    """Tables whose rows are groups large enough to be shown."""
    small = st.one_of(st.integers(0, THRESHOLD), st.integers(0, most), st.just(0))
    row = st.lists(small, min_size=columns, max_size=columns)
    return st.lists(row.filter(lambda counts: sum(counts) >= THRESHOLD), min_size=2, max_size=rows)


def agreeing(table: Table, hidden: frozenset[tuple[int, int]]) -> Iterator[Table]:
    """Every table that a reader of the shown cells and of all sums must hold for possible."""
    rows, columns = range(len(table)), range(len(table[0]))
    across = [
        sum(table[row][column] for column in columns if (row, column) in hidden) for row in rows
    ]
    down = [
        sum(table[row][column] for row in rows if (row, column) in hidden) for column in columns
    ]
    found = [list(counts) for counts in table]

    def filled(free: list[tuple[int, int]]) -> Iterator[Table]:
        if not free:
            if not any(across) and not any(down):
                yield [list(counts) for counts in found]
            return
        (row, column), *rest = free
        # The last of its row or column is what they have left; so nothing is tried in vain.
        left = [across[row]] if all(other != row for other, _ in rest) else []
        left += [down[column]] if all(other != column for _, other in rest) else []
        for value in range(min(left), min(left) + 1) if left else range(across[row] + 1):
            if value > across[row] or value > down[column]:
                break
            found[row][column] = value
            across[row] -= value
            down[column] -= value
            yield from filled(rest)
            across[row] += value
            down[column] += value

    yield from filled(sorted(hidden))


@given(tables(rows=3, columns=3, most=9))
@settings(max_examples=60, deadline=None)
def test_no_small_figure_can_be_worked_out(table: Table) -> None:
    hidden = left_out(table)
    small = {
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        if 0 < count < THRESHOLD
    }
    assert small <= hidden
    assert bool(small) == bool(hidden)
    if len(hidden) > 7:
        # Too many tables to try one by one; the search for a cycle answers for these.
        assert all(is_open(table, hidden, cell) for cell in small)
        return
    seen: dict[tuple[int, int], set[int]] = {cell: set() for cell in small}
    for found in agreeing(table, hidden):
        for row, column in small:
            seen[(row, column)].add(found[row][column])
    assert all(len(values) > 1 for values in seen.values())


@given(tables(rows=3, columns=3, most=6), st.data())
@settings(max_examples=60, deadline=None)
def test_the_search_for_a_cycle_says_what_trying_everything_says(
    table: Table, data: st.DataObject
) -> None:
    cells = [(row, column) for row in range(len(table)) for column in range(3)]
    hidden = frozenset(
        data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=6, unique=True))
    )
    possible = list(agreeing(table, hidden))
    for row, column in hidden:
        several = len({found[row][column] for found in possible}) > 1
        assert is_open(table, hidden, (row, column)) == several


@given(tables(rows=6, columns=5, most=60))
def test_tables_of_any_size_keep_every_small_figure_open(table: Table) -> None:
    hidden = left_out(table)
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            if 0 < count < THRESHOLD:
                assert is_open(table, hidden, (row, column))


def test_one_small_figure_alone_takes_three_others_with_it() -> None:
    """The gain of one household in the first group: without them it could be subtracted."""
    table = [[1, 0, 0, 0, 19], [12, 0, 0, 0, 30], [0, 0, 0, 0, 40]]
    assert left_out(table) == {(0, 0), (0, 4), (1, 0), (1, 4)}


def test_large_figures_and_zeros_are_shown() -> None:
    assert left_out([[5, 0, 0, 0, 10], [0, 7, 0, 0, 40]]) == frozenset()


codes = st.text("abcdef", min_size=1, max_size=2)


@given(st.dictionaries(codes, st.integers(0, 40), max_size=8))
def test_every_group_shown_is_large_and_nobody_is_lost(sizes: dict[str, int]) -> None:
    shown = pooled(sizes)
    if not shown:
        large = [size for size in sizes.values() if size >= THRESHOLD]
        rest = sum(size for size in sizes.values() if 0 < size < THRESHOLD)
        assert len(large) < 2 or (len(large) == 2 and rest > 0) or not large
        return
    assert len(shown) > 1
    assert all(sum(sizes[code] for code in group) >= THRESHOLD for group in shown)
    there = [code for group in shown for code in group]
    assert sorted(there) == sorted(code for code, size in sizes.items() if size > 0)
    # A small group never stands alone: its size would be read off.
    assert all(sizes[group[0]] >= THRESHOLD for group in shown if len(group) == 1)
