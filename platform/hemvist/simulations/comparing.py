"""Judging one part of the caseload by both versions at once, and counting. Pure.

Every part checks itself: some of its cases are judged again one by one, with the traced back end,
and any difference stops the whole simulation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hemvist.errors import HemvistError
from hemvist.policy import FactDef, Pack, PolicyError, check_answer, evaluate
from hemvist.policy.checking import quick_check
from hemvist.policy.columns import Columns, Judged, Question, evaluate_columns, judge
from hemvist.simulations.causes import Cause
from hemvist.simulations.merging import merged_facts
from hemvist.simulations.models import OUTCOMES
from hemvist.simulations.population import DIMENSIONS
from hemvist.simulations.subjects import Plan, Subject
from hemvist.simulations.tally import GAIN, KNOWN, LOSS, UNCHANGED, UNKNOWN, Grouping, Tally

Codes = npt.NDArray[np.int8]
Facts = Mapping[str, Any]

#: Cases of a part that are judged again one by one, besides some of those that change.
SAMPLE = 5
_CHANGED_SAMPLE = 2
#: As the columns have it: false, unknown, true.
_FALSE, _UNKNOWN, _TRUE = 0, 1, 2
_WORD = {_FALSE: OUTCOMES[1], _UNKNOWN: OUTCOMES[2], _TRUE: OUTCOMES[0]}


class BackEndsDisagree(HemvistError):
    """The two back ends gave one case two answers: neither is to be believed until it is mended."""

    def __init__(self, pack: Pack, rule: str, said: str, traced: str) -> None:
        super().__init__(
            f"{pack.name} {pack.version}: {rule} is {said} in columns and {traced} case by case"
        )


@dataclass(frozen=True, slots=True)
class Change:
    """The case at ``place`` of the part is answered otherwise; ``change`` is an index of the tally."""

    place: int
    subject: Subject
    change: int
    before: str
    after: str


def compare(
    plan: Plan,
    causes: Sequence[Cause],
    rows: Sequence[Facts],
    groups: Sequence[Mapping[str, str]],
) -> tuple[Tally, list[Change]]:
    """Judge ``rows`` (facts as JSON data) by both versions; ``groups`` says where each is counted.

    Raises ``BackEndsDisagree``; ``PolicyError`` when a version cannot be asked on the day.
    """
    tally = Tally(cases=len(rows))
    if not rows:
        return tally, []
    groupings = [Grouping.of(name, [one[name] for one in groups]) for name in DIMENSIONS]
    for grouping in groupings:
        tally.count_groups(grouping)
    old_rows, new_rows = (_taken(pack, rows, side, tally) for pack, side in _sides(plan))
    before, after = _judged(plan, old_rows, new_rows)
    changes: list[Change] = []
    for subject in plan.compared:
        old = before.rules[str(subject.old_rule)]
        new = after.rules[str(subject.new_rule)]
        kinds = kinds_of(old, new)
        tally.add(subject.key, kinds, groupings)
        moved = np.flatnonzero(kinds != UNCHANGED)
        changes += [
            Change(int(p), subject, int(kinds[p]), _WORD[int(old[p])], _WORD[int(new[p])])
            for p in moved
        ]
        if len(moved):
            _weigh(plan, causes, subject, [new_rows[p] for p in moved], old[moved], tally)
    places = _sample(len(rows), changes)
    tally.checked += _check(plan.old, plan, before, old_rows, places)
    tally.checked += _check(plan.new, plan, after, new_rows, places)
    return tally, changes


def _sides(plan: Plan) -> tuple[tuple[Pack, str], tuple[Pack, str]]:
    return (plan.old, "old"), (plan.new, "new")


def _taken(pack: Pack, rows: Sequence[Facts], side: str, tally: Tally) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    reader = Reader(pack.facts)
    for row in rows:
        taken, refused = reader.read(row)
        tally.count_refused(side, refused)
        found.append(taken)
    return found


def kinds_of(old: Codes, new: Codes) -> npt.NDArray[np.int64]:
    """How each answer changed, as indices of the tally."""
    kinds = np.full(len(old), UNCHANGED, np.int64)
    kinds[(old == _FALSE) & (new == _TRUE)] = GAIN
    kinds[(old == _TRUE) & (new == _FALSE)] = LOSS
    kinds[(old != _UNKNOWN) & (new == _UNKNOWN)] = UNKNOWN
    kinds[(old == _UNKNOWN) & (new != _UNKNOWN)] = KNOWN
    return kinds


class Reader:
    """Reads rows as one version does: what it takes, and what it refuses."""

    def __init__(self, facts: Mapping[str, FactDef]) -> None:
        self._facts = {name: (fact, quick_check(fact)) for name, fact in facts.items()}

    def read(self, row: Facts) -> tuple[dict[str, Any], list[str]]:
        """The answers of a row that the version takes, and the names of those that it refuses."""
        taken: dict[str, Any] = {}
        refused: list[str] = []
        known = self._facts
        for name, raw in row.items():
            if raw is None or name not in known:
                continue
            fact, quick = known[name]
            value = quick(raw)
            if value is None:
                try:
                    value = check_answer(fact, raw)
                except PolicyError:
                    refused.append(name)
                    continue
            taken[name] = value
        return taken, refused


def accepted(facts: Mapping[str, FactDef], row: Facts) -> tuple[dict[str, Any], list[str]]:
    """The answers of one row that ``facts`` takes, and the names of those that it refuses."""
    return Reader(facts).read(row)


def _judged(
    plan: Plan, old_rows: Sequence[Facts], new_rows: Sequence[Facts]
) -> tuple[Judged, Judged]:
    old = Question(
        plan.old, tuple(dict.fromkeys(str(one.old_rule) for one in plan.compared)), plan.on
    )
    new = Question(
        plan.new, tuple(dict.fromkeys(str(one.new_rule) for one in plan.compared)), plan.on
    )
    merged = merged_facts(plan.old.facts, plan.new.facts)
    if merged is not None:
        both = [{**one, **other} for one, other in zip(new_rows, old_rows, strict=True)]
        before, after = judge([old, new], Columns.build(merged, both))
        return before, after
    # A fact is of two types: each version reads the answers in its own way.
    before, after = (
        evaluate_columns(one.pack, one.rules, Columns.build(one.pack.facts, rows), one.on)
        for one, rows in ((old, old_rows), (new, new_rows))
    )
    return before, after


def _weigh(
    plan: Plan,
    causes: Sequence[Cause],
    subject: Subject,
    rows: Sequence[Facts],
    old: Codes,
    tally: Tally,
) -> None:
    """Count, for each difference, the changed answers that taking it back would undo."""
    rule = str(subject.new_rule)
    # Taking a difference back changes no fact of the new version.
    columns = Columns.build(plan.new.facts, rows)
    for cause in causes:
        if cause.back is None or rule not in cause.back.rules:
            continue
        back = evaluate_columns(cause.back, [rule], columns, plan.on).rules[rule]
        undone = int((back == old).sum())
        if undone:
            tally.add_effect(subject.key, cause.key, undone)


def _sample(count: int, changes: Sequence[Change]) -> list[int]:
    """Places spread over the part, and some of each kind of change."""
    places = set(range(0, count, max(1, count // SAMPLE)))
    taken: Counter[tuple[str, int]] = Counter()
    for change in changes:
        kind = (change.subject.key, change.change)
        taken[kind] += 1
        if taken[kind] <= _CHANGED_SAMPLE:
            places.add(change.place)
    return sorted(places)


def _check(
    pack: Pack, plan: Plan, judged: Judged, rows: Sequence[Facts], places: Sequence[int]
) -> int:
    """Judge the cases at ``places`` again one by one. Returns how many answers were compared."""
    for place in places:
        for rule, codes in judged.rules.items():
            traced = evaluate(pack, rule, rows[place], plan.on).outcome.value
            said = _WORD[int(codes[place])]
            if traced != said:
                raise BackEndsDisagree(pack, rule, said, traced)
    return len(places) * len(judged.rules)


def groups_at(about: Mapping[str, Sequence[Any]], place: int) -> dict[str, str]:
    """The groups of the case at ``place`` of a chunk."""
    return {dimension: str(about[dimension][place]) for dimension in DIMENSIONS}
