"""A caseload judged by rules: every row's answer, chunk by chunk so that memory stays small."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hemvist.policy.columns.answers import Answers
from hemvist.policy.columns.column import Column, Lists, Truth
from hemvist.policy.columns.fitting import fit
from hemvist.policy.columns.leaves import Leaves
from hemvist.policy.columns.places import Truthful
from hemvist.policy.columns.table import Columns
from hemvist.policy.pack import Pack
from hemvist.policy.params import ParamValue
from hemvist.policy.readiness import active_rule, check_date
from hemvist.policy.rules import Node
from hemvist.policy.what_if import what_if

#: Rows worked on at a time, so that arrays stay in the processor's cache, and elements of a list.
CHUNK_ROWS = 2**16
CHUNK_ELEMENTS = 2**20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """Which rules of which pack, on which date; ``params`` in place of the pack's own values."""

    pack: Pack
    rules: tuple[str, ...]
    on: date
    params: Mapping[str, ParamValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers: 0 false, 1 unknown, 2 true, a value per row.

    ``rules`` by rule; ``nodes`` by path, after exceptions; ``missing`` by rule and fact, how many
    unknown rows ask for it; ``refused`` by fact, how many rows hold a value that the pack does not
    take, and that counted as unknown.
    """

    rules: dict[str, Truth]
    nodes: dict[str, Truth]
    missing: dict[str, dict[str, int]]
    refused: dict[str, int]


def evaluate_columns(
    pack: Pack,
    rules: Iterable[str],
    columns: Columns,
    on: date,
    *,
    params: Mapping[str, ParamValue] | None = None,
    nodes: bool | Collection[str] = False,
    missing: bool = False,
    progress: Progress | None = None,
) -> Judged:
    """Judge every row by rules of a pack on a date.

    ``nodes`` asks for the outcomes of all nodes or of these paths, ``missing`` for what unknown
    rows lack. ``progress`` hears of rows done and rows in all after every chunk; what it raises ends
    the work. Raises ``PolicyError`` as ``evaluate`` does for rules, dates and parameters.
    """
    question = Question(pack, tuple(rules), on, params or {})
    return judge([question], columns, nodes=nodes, missing=missing, progress=progress)[0]


def judge(
    questions: Sequence[Question],
    columns: Columns,
    *,
    nodes: bool | Collection[str] = False,
    missing: bool = False,
    progress: Progress | None = None,
) -> list[Judged]:
    """Judge every row by several questions at once.

    What questions have in common, as two versions of a pack do, is worked out once: leaves with
    the same text, parameter values and facts.
    """
    works = [_Work(question, columns, nodes, missing) for question in questions]
    lists = [one for work in works for one in work.columns.values() if isinstance(one, Lists)]
    for start, stop in _chunks(len(columns), lists):
        shared: dict[object, Truthful] = {}
        for work in works:
            work.chunk(start, stop, shared)
        if progress is not None:
            progress(stop, len(columns))
    return [work.judged for work in works]


class _Work:
    """One question to one table."""

    def __init__(
        self, question: Question, table: Columns, nodes: bool | Collection[str], missing: bool
    ) -> None:
        check_date(question.pack, question.on)
        pack = what_if(question.pack, question.params) if question.params else question.pack
        self.pack = pack
        self.on = question.on
        self.rules = {id: active_rule(pack, id) for id in question.rules}
        used = dict.fromkeys(name for id in self.rules for name in pack.facts_of(id))
        self.params = {name: param.on(self.on) for name, param in pack.params.items()}
        self.columns: dict[str, Column] = {}
        refused: dict[str, int] = {}
        for name in used:
            if name in table:
                fitted, count = fit(pack.facts[name], table[name])
                if count:
                    refused[name] = count
                if fitted is not None:
                    self.columns[name] = fitted
        # A leaf's answer depends on these: what has the same ones has the same answer.
        self.identity = {name: id(column) for name, column in self.columns.items()}
        paths = (
            [path for rule in self.rules.values() for path in _paths(pack, rule)] if nodes else []
        )
        self.wanted = [path for path in dict.fromkeys(paths) if nodes is True or path in nodes]  # type: ignore[operator]
        self.missing = missing
        rows = len(table)
        self.judged = Judged(
            {id: np.empty(rows, np.int8) for id in self.rules},
            {path: np.empty(rows, np.int8) for path in self.wanted},
            {id: {} for id in self.rules} if missing else {},
            refused,
        )

    def chunk(self, start: int, stop: int, shared: dict[object, Truthful]) -> None:
        """Judge the rows from ``start`` up to ``stop``."""
        parts = {name: column.part(start, stop) for name, column in self.columns.items()}
        leaves = Leaves(stop - start, parts, self.params, self.on)
        answers = Answers(self.pack, leaves, shared, self.identity, everything=bool(self.wanted))
        for id, rule in self.rules.items():
            self.judged.rules[id][start:stop] = answers.rule(rule)
        for path in self.wanted:
            self.judged.nodes[path][start:stop] = answers.outcomes[path]
        if self.missing:
            for id, rule in self.rules.items():
                found = self.judged.missing[id]
                for name, rows in answers.asked(rule).items():
                    if rows.any():
                        found[name] = found.get(name, 0) + int(np.count_nonzero(rows))


def _paths(pack: Pack, node: Node) -> Iterator[str]:
    """The paths of a node and of all that are judged for it."""
    yield node.path
    if node.ref is not None:
        yield from _paths(pack, pack.rules[node.ref])
    for child in (*node.children, *node.unless):
        if child.active:
            yield from _paths(pack, child)


def _chunks(rows: int, lists: Sequence[Lists]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < rows:
        stop = min(start + CHUNK_ROWS, rows)
        for one in lists:
            most = int(one.offsets[start]) + CHUNK_ELEMENTS
            within = int(np.searchsorted(one.offsets, most, side="right")) - 1
            stop = max(start + 1, min(stop, within))
        yield start, stop
        start = stop
