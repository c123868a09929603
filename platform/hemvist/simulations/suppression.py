"""Keeping figures from telling about a household: what is pooled, what is left out, and the proof.

Figures of fewer than ``THRESHOLD`` households are not shown, and no figure is shown from which one
that is left out could be worked out. The reader is taken to know the size of every group shown,
the totals of the whole caseload, and this procedure; so what is left out besides the small figures
is chosen by sizes and totals alone, never by the figures themselves.

Source: the usual practice of statistical disclosure control for frequency tables: primary and
complementary suppression with an audit of what remains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: A figure from 1 up to one less than this is not shown.
THRESHOLD = 5

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]


def pooled(sizes: Mapping[str, int], threshold: int = THRESHOLD) -> list[tuple[str, ...]]:
    """The groups to show, each as the codes that are in it; small ones are put together, last.

    Empty when fewer than two groups of ``threshold`` households would be left: then the grouping
    says nothing that the totals do not say, or too much.
    """
    there = {code: size for code, size in sizes.items() if size > 0}
    pool = [code for code, size in there.items() if size < threshold]
    rest = sorted((code for code in there if code not in pool), key=lambda code: there[code])
    while pool and sum(there[code] for code in pool) < threshold and rest:
        pool.append(rest.pop(0))
    shown: list[tuple[str, ...]] = [(code,) for code in there if code not in pool]
    if pool:
        shown.append(tuple(pool))
    return shown if len(shown) > 1 else []


def left_out(table: Table, threshold: int = THRESHOLD) -> frozenset[Cell]:
    """The cells (row, column) that are not shown; the sums of rows and of columns are known.

    Every row must sum to ``threshold`` at least, and there must be two or more.
    """
    small = {
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        if 0 < count < threshold
    }
    if not small:
        return frozenset()
    rows, columns = range(len(table)), range(len(table[0]))
    by_size = sorted(rows, key=lambda row: -sum(table[row]))
    by_total = sorted(columns, key=lambda column: -sum(counts[column] for counts in table))
    hidden = set(small)
    for row, column in small:
        beside = next(one for one in by_total if one != column)
        partner = next(one for one in by_size if one != row)
        hidden |= {(row, beside), (partner, column), (partner, beside)}
    if all(is_open(table, hidden, cell) for cell in small):
        return frozenset(hidden)
    # With nothing but the sums known, every small cell of such a table is open.
    return frozenset((row, column) for row in rows for column in columns)


def is_open(table: Table, hidden: set[Cell] | frozenset[Cell], cell: Cell) -> bool:
    """Whether the hidden ``cell`` could hold another count, as far as the shown figures tell.

    Some table of whole numbers, none below zero, agrees with the shown cells and all sums and has
    another count there. Such a table exists exactly if one does that moves single households round
    a cycle of hidden cells: up in one, down in the next of its row or column, and so on.
    """
    row, column = cell
    up = _path(table, hidden - {cell}, ("column", column), ("row", row))
    down = table[row][column] > 0 and _path(
        table, hidden - {cell}, ("row", row), ("column", column)
    )
    return up or down


def _path(
    table: Table,
    hidden: set[Cell] | frozenset[Cell],
    start: tuple[str, int],
    goal: tuple[str, int],
) -> bool:
    """Whether a household can be moved on from ``start`` to ``goal``.

    From a row to a column by one more in their cell; from a column to a row by one less in theirs.
    """
    seen, waiting = {start}, [start]
    while waiting:
        kind, place = waiting.pop()
        if kind == "row":
            reached = [("column", c) for r, c in hidden if r == place]
        else:
            reached = [("row", r) for r, c in hidden if c == place and table[r][c] > 0]
        for one in reached:
            if one == goal:
                return True
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False
