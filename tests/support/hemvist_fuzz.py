"""What the fuzzing of the web and of both APIs sends, counts and finds.

A ``Case`` is one request with stand-ins instead of what differs from run to run: ``@@Case.3@@`` is
the fourth case of the kommun, ``@@nul@@`` a NUL, ``@@half@@`` half of a surrogate pair. So a case
that found something is written down and sent again in another run, to another database.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#: Stand-ins of values that a schema cannot hold, or that would fill a page of it.
STRANGE: Mapping[str, str] = {
    "@@nul@@": "a\0b",
    "@@half@@": "a\ud800b",
    "@@long@@": "x" * 10_001,
    "@@words@@": "ord " * 3_000,
    "@@markup@@": "<script>alert(1)</script>{{7*7}}",
    "@@quote@@": "'; DROP TABLE persons; --",
    "@@turned@@": "\u202eabc\u200b",
    "@@digits@@": "٢٠٢٦-٠١-٠١",
    "@@percent@@": "%s %(x)s {0} {x} %00",
    "@@number@@": "9" * 400,
}
_ROW_ID = re.compile(r"([A-Z][A-Za-z]{1,30})_[0-9a-f]{32}")
_STAND_IN = re.compile(r"@@([A-Za-z]+)(?:\.(\d+))?@@")


@dataclass(frozen=True)
class Case:
    """One request: of what kind, what it is aimed at, by whom, and what is sent."""

    kind: str
    target: str
    who: str
    method: str
    path: str
    lang: str = "sv"
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The case as it is written down."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Case:
        """What ``text`` wrote, perhaps with what was told of it."""
        written = json.loads(text)
        written.pop("told", None)
        return cls(**written)


@dataclass(frozen=True)
class Maker:
    """Makes cases: what schemathesis draws, and a case of it and of chance.

    Whatever Hypothesis repeats, each case is another: who sends it, and what is replaced in it.
    """

    drawn: Any
    case: Callable[[Any, random.Random], Case]


def stranger(value: Any, chance: random.Random) -> Any:
    """``value`` with one of its texts or numbers replaced by one that nobody would send."""
    places = list(_leaves(value, ()))
    if not places:
        return value
    where, leaf = chance.choice(places)
    numbers = (0, -1, 2**31 - 1, 2**31, -(2**63), 10**30, 1e308, "1")
    # Those that a database cannot hold are every other one.
    worst = ["@@nul@@", "@@half@@"]
    texts = worst if chance.random() < 0.5 else list(STRANGE)
    one = chance.choice(numbers if isinstance(leaf, int | float) else texts)
    return _with(value, where, one)


def _leaves(value: Any, where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(inner, dict | list):
            yield from _leaves(inner, (*where, key))
        elif isinstance(inner, str | int | float) and not isinstance(inner, bool):
            yield (*where, key), inner


def _with(value: Any, where: tuple[Any, ...], one: Any) -> Any:
    if not where:
        return one
    first, *rest = where
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[first] = _with(value[first], tuple(rest), one)
    return changed


def plain(value: Any) -> Any:
    """What schemathesis made, as JSON can write it down: bytes as Latin-1, nothing as null."""
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    # That there is no body at all, say.
    return None


@dataclass
class Names:
    """Ids of the kommun's rows by type, in the order in which they came about."""

    ids: dict[str, list[str]]
    _labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know every id's stand-in."""
        for kind, ids in self.ids.items():
            for number, row_id in enumerate(ids):
                self._labels[row_id] = f"@@{kind}.{number}@@"

    def learn(self, text: str) -> None:
        """Know an id that was met on the way as the next of its type."""
        found = _ROW_ID.fullmatch(text)
        if found is not None and text not in self._labels:
            ids = self.ids.setdefault(found[1], [])
            ids.append(text)
            self._labels[text] = f"@@{found[1]}.{len(ids) - 1}@@"

    def of(self, kind: str, most: int = 12) -> list[str]:
        """Stand-ins of rows of a type; of types whose names end so, where there is none."""
        found = [kind] if kind in self.ids else [one for one in self.ids if one.endswith(kind)]
        return [
            f"@@{one}.{number}@@"
            for one in found
            for number in range(min(most, len(self.ids[one])))
        ]

    def filled(self, value: Any) -> Any:
        """``value`` with what its stand-ins stand for."""
        if isinstance(value, str):
            return _STAND_IN.sub(self._meant, value)
        if isinstance(value, dict):
            return {self.filled(key): self.filled(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.filled(one) for one in value]
        return value

    def labelled(self, value: Any) -> Any:
        """``value`` with stand-ins for the ids in it."""
        if isinstance(value, str):
            return self._labels.get(value, value)
        if isinstance(value, dict):
            return {key: self.labelled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.labelled(one) for one in value]
        return value

    def _meant(self, found: re.Match[str]) -> str:
        strange = STRANGE.get(found[0])
        if strange is not None:
            return strange
        ids = self.ids.get(found[1], [])
        number = int(found[2] or 0)
        return ids[number] if number < len(ids) else f"{found[1]}_{'0' * 32}"


@dataclass
class Count:
    """What was sent, what came of it, and what was found."""

    sent: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    targets: dict[str, set[str]] = field(default_factory=dict)
    errors: int = 0
    finds: list[tuple[str, Case]] = field(default_factory=list)
    #: Where finds are written to as they are made.
    found_in: Path | None = None
    _told: set[str] = field(default_factory=set)

    def sends(self, case: Case) -> None:
        """One more case."""
        self.sent[case.kind] += 1
        self.targets.setdefault(case.kind, set()).add(case.target)

    def find(self, told: str, case: Case) -> None:
        """Something is wrong. Of what is wrong in the same way with the same target, the first."""
        key = f"{case.kind} {case.target}: {told}"
        if key not in self._told:
            self._told.add(key)
            self.finds.append((told, case))
            if self.found_in is not None:
                with self.found_in.open("a") as file:
                    file.write(f"{json.dumps({'told': told, **json.loads(case.text())})}\n")
                print(f"FOUND {told[:300]}\n      {case.text()[:1000]}", flush=True)

    def table(self) -> list[str]:
        """Counts of each kind, and what came of the cases."""
        lines = [
            f"{kind:22} {number:6} cases at {len(self.targets[kind])} targets"
            for kind, number in sorted(self.sent.items())
        ]
        lines.append(
            "ended: " + ", ".join(f"{number} {what}" for what, number in sorted(self.ended.items()))
        )
        return lines

    def line(self, seed: int) -> str:
        """The whole in one line."""
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.sent.items()))
        broken = sum("server error" in told for told, _ in self.finds)
        changed = sum("changed on" in told for told, _ in self.finds)
        return (
            f"fuzzed: {sum(self.sent.values())} cases ({kinds}); seed {seed};"
            f" {self.errors} errors read in Swedish and English; {broken} server errors,"
            f" {changed} changes on refusal, {len(self.finds)} finds"
        )
