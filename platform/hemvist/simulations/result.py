"""A simulation's result as it is stored and shown: words in both languages, small figures left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hemvist.policy import Label, Pack
from hemvist.simulations.causes import Cause
from hemvist.simulations.population import COUNTED, DIMENSIONS, label_of
from hemvist.simulations.subjects import Plan, Subject
from hemvist.simulations.suppression import THRESHOLD, left_out, pooled
from hemvist.simulations.tally import KINDS, Tally

#: The group into which small groups are put.
POOL = "other"
_POOLED = Label("Övriga, små grupper tillsammans", "Others, small groups together")

Data = dict[str, Any]


def concluded(
    plan: Plan,
    causes: Sequence[Cause],
    tally: Tally,
    as_of: str | None,
    *,
    counted: Label = COUNTED,
    threshold: int = THRESHOLD,
) -> Data:
    """Everything that may be shown of a tally.

    ``rows`` has one for each subject: ``counts`` is null where the caseload itself is too small or
    only one version has the rule; ``dimensions`` are given where anything changed. ``causes`` lists
    every difference; a row's own ``causes`` say how many of its changed answers each makes
    (several may be needed for one answer, so they need not add up). Below ``threshold`` a figure is
    null: 0 shows everything, for those who have the facts themselves.
    """
    shown = {name: pooled(sizes, threshold) for name, sizes in tally.groups.items()}
    return {
        "as_of": as_of,
        "judged_on": plan.on.isoformat(),
        "cases": tally.cases if tally.cases >= threshold else None,
        "checked": tally.checked,
        "counted": counted.as_json(),
        "threshold": threshold,
        "rows": [_row(plan, one, causes, tally, shown, threshold) for one in plan.subjects],
        "causes": [_cause(one, tally, threshold) for one in causes],
        "refused": list(_refused(plan, tally, threshold)),
    }


def _row(
    plan: Plan,
    subject: Subject,
    causes: Sequence[Cause],
    tally: Tally,
    shown: Mapping[str, list[tuple[str, ...]]],
    threshold: int,
) -> Data:
    counts = tally.totals.get(subject.key)
    enough = tally.cases >= threshold and counts is not None
    changed = sum(counts[:-1]) if counts is not None else 0
    effects = tally.effects.get(subject.key, {})
    return {
        "subject": subject.key,
        "kind": subject.kind,
        "rule": subject.new_rule or subject.old_rule,
        "programme": subject.programme,
        "label": subject.label.as_json(),
        "programme_label": None
        if subject.programme_label is None
        else subject.programme_label.as_json(),
        "cite": list(subject.cite),
        "presence": subject.presence,
        "counts": dict(zip(KINDS, counts, strict=True)) if enough and counts else None,
        "changed": changed if enough else None,
        "dimensions": [
            _dimension(plan, subject, name, groups, tally, threshold)
            for name, groups in shown.items()
            if groups and enough and changed
        ],
        "causes": [
            {"cause": one.key, "answers": effects[one.key]}
            for one in causes
            if enough and one.key in effects
        ],
    }


def _dimension(
    plan: Plan,
    subject: Subject,
    name: str,
    groups: list[tuple[str, ...]],
    tally: Tally,
    threshold: int,
) -> Data:
    cells = tally.by_group[subject.key][name]
    table = [
        [sum(cells[code][kind] for code in codes) for kind in range(len(KINDS))] for codes in groups
    ]
    hidden = left_out(table, threshold)
    return {
        "dimension": name,
        "label": DIMENSIONS[name].as_json(),
        "groups": [
            {
                "code": codes[0] if len(codes) == 1 else POOL,
                "label": _label(name, codes, (plan.new, plan.old)).as_json(),
                "cases": sum(table[row]),
                "counts": {
                    kind: None if (row, column) in hidden else table[row][column]
                    for column, kind in enumerate(KINDS)
                },
            }
            for row, codes in enumerate(groups)
        ],
    }


def _label(dimension: str, codes: tuple[str, ...], packs: Sequence[Pack]) -> Label:
    return label_of(dimension, codes[0], packs) if len(codes) == 1 else _POOLED


def _cause(cause: Cause, tally: Tally, threshold: int) -> Data:
    told = cause.back is not None and tally.cases >= threshold
    subjects = [one for one in tally.effects.values() if cause.key in one]
    return {
        "cause": cause.key,
        "kind": cause.kind,
        "name": cause.name,
        "label": cause.label.as_json(),
        "cite": list(cause.cite),
        "before": cause.before,
        "after": cause.after,
        # How many of the compared rules have answers that hang on it; null where it cannot be told.
        "rules": len(subjects) if told else None,
    }


def _refused(plan: Plan, tally: Tally, threshold: int) -> Iterator[Data]:
    """Answers given that a version does not take: it judges as if they were not known."""
    for side, pack in (("old", plan.old), ("new", plan.new)):
        for fact, count in sorted(tally.refused.get(side, {}).items()):
            yield {
                "version": side,
                "fact": fact,
                "label": pack.facts[fact].label.as_json(),
                "cases": count if count >= threshold else None,
            }
