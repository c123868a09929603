"""Findings of guideline and law on an act, and the clauses that they speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from hemvist.cases.legality import OTHER
from hemvist.policy import Label
from hemvist.policy.clauses import CLAUSES
from hemvist_graphql.inputs import MAX_TEXT, text
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.packs.items import Option
from hemvist_graphql.reading import computed

#: Every kind that a clause or a condition can be of.
KINDS: Mapping[str, Label] = {**CLAUSES, OTHER: Label("Annat", "Other")}


@strawberry.type(
    description="What one rule of law, or one refusal of the guideline, says of an act."
)
class LegalFinding:
    """What one rule says of an act."""

    flag: str = strawberry.field(description="LF-1 …; empty for a refusal of the guideline's own.")
    rule: str
    effect: str = strawberry.field(description="block, warn or note")
    outcome: str = strawberry.field(description="held, violated or unknown")
    cite: list[str]
    missing: list[Option] = strawberry.field(
        description="What is not known, where that is why it is unknown."
    )
    earliest: dt.date | None = strawberry.field(
        description="For a notice: the first day on which the contract can lawfully end."
    )
    text: strawberry.Private[Any]
    telling: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the rule asks."""
        return worded(self.text, lang, self.rule)

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it means when it does not hold."""
        return worded(self.telling, lang, self.rule)


@strawberry.type(description="A clause of a contract or a condition of a decision.")
class Clause:
    """A clause of a contract or a condition of a decision."""

    kind: str
    text: str

    @computed(description="In Swedish (sv) or English (en).")
    def kind_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What kind it is."""
        return worded(KINDS.get(self.kind), lang, self.kind)


@strawberry.input
class ClauseInput:
    """A clause or a condition: its kind and its wording."""

    kind: str = text(60, description="One of the programme's clauseKinds.")
    text: str = text(MAX_TEXT)


def findings_shown(rows: Iterable[Mapping[str, Any]]) -> list[LegalFinding]:
    """Findings as they are kept, for the schema."""
    return [
        LegalFinding(
            flag=row["flag"],
            rule=row["rule"],
            effect=row["effect"],
            outcome=row["outcome"],
            cite=list(row["cite"]),
            missing=[Option(code=one["fact"], text=one["label"]) for one in row["missing"]],
            earliest=dt.date.fromisoformat(row["earliest"]) if row["earliest"] else None,
            text=row["label"],
            telling=row["message"],
        )
        for row in rows
    ]


def clauses_shown(rows: Iterable[Mapping[str, Any]]) -> list[Clause]:
    """Clauses as they are kept, for the schema."""
    return [Clause(kind=row["kind"], text=row["text"]) for row in rows]


def kinds_shown() -> list[Option]:
    """Every kind of clause to choose among."""
    return [Option(code=code, text=label) for code, label in KINDS.items()]
