"""What every policy pack must hold, for the test files of the packs to share."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hemvist.policy import (
    Label,
    Node,
    Num,
    Outcome,
    Pack,
    add_days,
    add_months,
    evaluate,
    load_pack,
)
from hemvist.policy.facts import FactKind
from hemvist.policy.leaf import Leaf
from hemvist.policy.sentences import read_sentences

T = TypeVar("T")

PACKS = files("hemvist_policy_packs")
#: The Social Services Act of 2025 takes over on this day (legal flag LF-5).
NEW_ACT = date(2025, 7, 1)
_LEAF = re.compile(r"when: '([^']*)'")


def ids(prefix: str, last: int) -> set[str]:
    """The ids of the rule catalogue under a prefix, from 01 on."""
    return {f"{prefix}-{number:02d}" for number in range(1, last + 1)}


def find(kind: type[T], value: object, seen: set[int] | None = None) -> Iterator[T]:
    """Everything of one kind anywhere inside a loaded pack, each object once."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, kind):
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from find(kind, getattr(value, part.name), seen)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from find(kind, inner, seen)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from find(kind, inner, seen)


def labels_wanting(pack: Pack) -> list[Label]:
    """Texts that lack a language or say the same in both. Titles of sources stay as they are."""
    labels = find(Label, pack, {id(source) for source in pack.sources.values()})
    return [
        label
        for label in labels
        if not (label.sv.strip() and label.en.strip()) or label.sv == label.en
    ]


def facts_unused(pack: Pack) -> set[str]:
    """Facts that no leaf reads."""
    return set(pack.facts) - {name for leaf in find(Leaf, pack) for name in leaf.facts}


def facts_without_heading(pack: Pack) -> list[str]:
    """Questions that a form could not place."""
    asked = (fact for fact in pack.facts.values() if fact.kind is not FactKind.DERIVED)
    return [fact.name for fact in asked if fact.group is None]


def params_unused(pack: Pack) -> set[str]:
    """Parameters that no leaf and no number reads, no guarantee chooses from, no matching closes."""
    used = {name for leaf in find(Leaf, pack) for name in leaf.params}
    used |= {number.param for number in find(Num, pack) if number.param}
    used |= {form.guarantee.periods for form in pack.programmes.values() if form.guarantee}
    matchings = (form.matching for form in pack.programmes.values())
    used |= {one.closed_areas for one in matchings if one and one.closed_areas}
    return set(pack.params) - used


def days(first: date = date(2012, 1, 1), years: int = 19) -> list[date]:
    """The first and the last day of every month, and the turn of the law."""
    starts = [add_months(first, month) for month in range(12 * years)]
    ends = [add_days(start, -1) for start in starts[1:]]
    return [*starts, *ends, add_days(NEW_ACT, -1), NEW_ACT]


def rules_not_open(pack: Pack) -> list[tuple[str, date]]:
    """Rules that give an answer on a day although nothing is known of the case."""
    return [
        (id, day)
        for day in days()
        for id, rule in pack.rules.items()
        if rule.active and evaluate(pack, id, {}, day).outcome is not Outcome.UNKNOWN
    ]


def decisions_out_of_time(pack: Pack) -> list[tuple[str, str, date]]:
    """Decisions without a legal basis on a day, or resting on the wrong act."""
    return [
        (programme.id, decision.id, day)
        for programme in pack.programmes.values()
        for decision in programme.decisions
        for day in days()
        if {basis.cite[0].split()[0] for basis in pack.bases(decision, day)}
        != {"SoL2025" if day >= NEW_ACT else "SoL2001"}
    ]


@contextmanager
def copied(kommun: str, guideline: str | None = None) -> Iterator[Path]:
    """A copy of a kommun's pack, to write faults into; the only one when none is named."""
    with TemporaryDirectory() as scratch, as_file(PACKS.joinpath(kommun)) as folder:
        found = [child for child in folder.iterdir() if child.is_dir()]
        (chosen,) = (child for child in found if guideline in (None, child.name))
        yield Path(shutil.copytree(chosen, Path(scratch) / chosen.name))


def rewritten(folder: Path, name: str, old: str, new: str) -> Pack:
    """The copy loaded with one place of a file written otherwise."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return load_pack(folder)


def leaves_unnoticed(
    kommun: str, guideline: str | None = None, names: tuple[str, ...] = ("rules.yaml",)
) -> list[str]:
    """Leaves of the rules in ``names`` that can say the opposite without a sentence noticing.

    Rules and nodes that are off by their legal flag are left out: nothing may depend on them.
    """
    with copied(kommun, guideline) as folder:
        pack = load_pack(folder)
        off = {
            leaf.text
            for node in find(Node, pack.rules)
            if not node.active
            for leaf in find(Leaf, node)
        }
        return [leaf for name in names for leaf in _unnoticed(folder, name, off)]


def _unnoticed(folder: Path, name: str, off: set[str]) -> list[str]:
    file = folder / name
    original = file.read_text(encoding="utf-8")
    leaves = [leaf for leaf in _LEAF.finditer(original) if leaf[1] not in off]
    assert leaves, f"no leaf in {name}"
    unnoticed: list[str] = []
    for leaf in leaves:
        start, end = leaf.span(1)
        file.write_text(f"{original[:start]}!({leaf[1]}){original[end:]}", encoding="utf-8")
        if not noticed(load_pack(folder), folder):
            unnoticed.append(leaf[1])
    file.write_text(original, encoding="utf-8")
    return unnoticed


def noticed(pack: Pack, folder: Path) -> bool:
    """Whether some sentence of the folder no longer holds for the pack."""
    return any(sentence.judge() for sentence in read_sentences(pack, folder))
