"""Invented cases for the twelve rules: a table of any size, and the same cases as people's answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hemvist.policy import Pack, add_months, as_json, load_pack
from hemvist.policy.columns import Column, Columns, Lists, Numbers, Truths, Words

ON = date(2026, 9, 1)
#: Homeless since then or earlier is homeless for long.
LONG_AGO = add_months(ON, -6)
UNKNOWN = 0.06
#: The rules in the order in which every engine answers them.
RULES = (
    *("adult", "registered", "no_other_way", "no_own_contract", "homeless"),
    *("several_difficulties", "rent_debts_small", "few_debts", "homeless_for_long"),
    *("rent_affordable", "plan", "entitled"),
)
OBSTACLES = ("debts", "addiction", "disability", "violence")


def twelve_rules() -> Pack:
    """The pack of the benchmark."""
    return load_pack(Path(__file__).parent / "policy_pack")


def table(rows: int, seed: int = 1) -> Columns:
    """So many random cases, about one answer in sixteen unknown."""
    return _Maker(rows, np.random.default_rng(seed)).table()


def answers(columns: Columns) -> list[dict[str, Any]]:
    """The cases as JSON data, an unknown answer being ``None``."""
    names = columns.names
    found: list[dict[str, Any]] = []
    for index in range(len(columns)):
        known = columns.row(index)
        found.append({name: as_json(known.get(name)) for name in names})
    return found


class _Maker:
    def __init__(self, rows: int, random: np.random.Generator) -> None:
        self.rows = rows
        self.random = random

    def known(self, count: int | None = None) -> npt.NDArray[np.bool_]:
        return self.random.random(self.rows if count is None else count) >= UNKNOWN

    def truth(self, share: float) -> Truths:
        values = np.where(self.random.random(self.rows) < share, 2, 0)
        return Truths(np.where(self.known(), values, 1).astype(np.int8))

    def number(self, low: int, high: int, *, dates: bool = False) -> Numbers:
        known = self.known()
        drawn = self.random.integers(low, high, self.rows)
        return Numbers(np.where(known, drawn, 0), known, dates)

    def word(self, words: tuple[str, ...], shares: tuple[float, ...]) -> Words:
        drawn = self.random.choice(len(words), self.rows, p=shares)
        return Words(np.where(self.known(), drawn, -1).astype(np.int32), words)

    def counts(self, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        known = self.known()
        offsets = np.zeros(self.rows + 1, np.int64)
        np.cumsum(np.where(known, self.random.integers(0, most + 1, self.rows), 0), out=offsets[1:])
        return offsets, known

    def obstacles(self) -> Lists:
        """Up to two different ones."""
        offsets, known = self.counts(2)
        codes = self.random.integers(0, len(OBSTACLES), int(offsets[-1])).astype(np.int32)
        second = offsets[:-1][np.diff(offsets) == 2] + 1
        codes[second] = (codes[second - 1] + 1 + codes[second] % 3) % len(OBSTACLES)
        return Lists(offsets, {"": Words(codes, OBSTACLES)}, known)

    def debts(self) -> Lists:
        offsets, known = self.counts(3)
        count = int(offsets[-1])
        told = self.known(count)
        amounts = self.random.choice([50_000, 999_999, 1_000_000, 1_000_001, 4_000_000], count)
        return Lists(
            offsets,
            {
                "kind": Words(
                    self.random.integers(0, 2, count).astype(np.int32), ("rent", "other")
                ),
                "amount": Numbers(np.where(told, amounts, 0), told),
            },
            known,
        )

    def table(self) -> Columns:
        day = LONG_AGO.toordinal()
        columns: dict[str, Column] = {
            "age": self.number(15, 90),
            "registered_kommun": self.word(("0001", "0002"), (0.8, 0.2)),
            "crime_victim": self.truth(0.1),
            "need_met_otherwise": self.truth(0.1),
            "has_own_contract": self.truth(0.2),
            "office": self.word(("BUF", "VUX", "SOP"), (0.3, 0.5, 0.2)),
            "child_at_risk": self.truth(0.3),
            "lacks_roof": self.truth(0.6),
            "current_housing": self.word(
                ("none", "training_flat", "transit_flat", "sublet"), (0.4, 0.2, 0.2, 0.2)
            ),
            "obstacles": self.obstacles(),
            "debts": self.debts(),
            "homeless_since": self.number(day - 400, day + 180, dates=True),
            "income": self.number(0, 3_000_000),
            "rent": self.number(0, 1_000_000),
            "plan_agreed": self.truth(0.8),
        }
        return Columns.of(self.rows, columns)
