"""What a simulation found: figures by rule and by group of households, and what makes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import strawberry

from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json

Data = Mapping[str, Any]
_SMALL = "Null where it is too small to be shown, or another could be worked out from it."


@strawberry.type(description="How answers changed. A figure is null where it is not shown.")
class SimulatedCounts:
    """How answers changed, each case in exactly one of five."""

    gains: int | None = strawberry.field(description="No became yes.")
    losses: int | None = strawberry.field(description="Yes became no.")
    newly_unknown: int | None = strawberry.field(description="Something is to be asked.")
    newly_known: int | None = strawberry.field(description="Nothing is to be asked any more.")
    unchanged: int | None


@strawberry.type(description="A group of households and how answers changed in it.")
class SimulatedGroup:
    """A group of households and how answers changed in it."""

    code: str
    cases: int
    counts: SimulatedCounts = strawberry.field(description=_SMALL)
    suppressed: bool = strawberry.field(description="Whether some figure is not shown.")
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The group in words."""
        return worded(self.text, lang, self.code)


@strawberry.type(description="A way of grouping households.")
class SimulatedDimension:
    """A way of grouping households."""

    dimension: str = strawberry.field(description="department, children, age or stage")
    groups: list[SimulatedGroup] = strawberry.field(
        description="Small groups are put together in one (code other)."
    )
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The grouping in words."""
        return worded(self.text, lang, self.dimension)


@strawberry.type(description="A difference between the versions: parameter, rule or question.")
class SimulatedDifference:
    """A difference between the versions."""

    id: str = strawberry.field(description="parameter:name, rule:name or fact:name")
    kind: str = strawberry.field(description="parameter, rule or fact (a question asked anew)")
    name: str
    cite: list[str]
    before: Json | None = strawberry.field(description="Value, or conditions as written.")
    after: Json | None
    rules_changed: int | None = strawberry.field(
        description="Compared rules with answers that hang on it; null where it cannot be told."
    )
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The difference in words."""
        return worded(self.text, lang, self.name)


@strawberry.type(description="How many of a rule's changed answers a difference makes.")
class SimulatedCause:
    """How many of a rule's changed answers a difference makes."""

    difference: SimulatedDifference
    answers: int = strawberry.field(
        description="Answers that would be as before without it. An answer may hang on several."
    )


@strawberry.type(description="One rule under both versions.")
class SimulatedRule:
    """One rule, or a programme's entry rule, under both versions."""

    subject: str = strawberry.field(
        description="entry:programme or rule:name; for simulationChanges."
    )
    kind: str = strawberry.field(description="entry (a programme's entry rule) or rule")
    rule: str
    programme: str | None
    presence: str = strawberry.field(description="both, added or removed: which versions have it")
    cite: list[str]
    counts: SimulatedCounts | None = strawberry.field(
        description="Null when only one version has the rule, or the caseload is too small."
    )
    changed: int | None = strawberry.field(description="Cases that are answered otherwise.")
    dimensions: list[SimulatedDimension] = strawberry.field(
        description="By groups of households; empty when nothing changed."
    )
    causes: list[SimulatedCause]
    text: strawberry.Private[Any]
    programme_text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        return worded(self.text, lang, self.rule)

    @computed(description="The programme in words, for its entry rule.")
    def programme_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The programme in words."""
        return worded(self.programme_text, lang) or None


@strawberry.type(description="Answers given that a version does not take: not known to it.")
class RefusedAnswers:
    """Answers given that a version does not take: not known to it."""

    version: str = strawberry.field(description="old or new")
    fact: str
    cases: int | None = strawberry.field(description=_SMALL)
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The question in words."""
        return worded(self.text, lang, self.fact)


@strawberry.type(description="What a simulation found. Figures only.")
class SimulationResult:
    """What a simulation found."""

    cases: int | None = strawberry.field(description="Cases that were counted; null when few.")
    facts_as_of: dt.date | None = strawberry.field(
        description="The day whose record the cases were judged on, the earliest."
    )
    checked: int = strawberry.field(
        description="Answers in which both back ends of the engine were compared, and agreed."
    )
    threshold: int = strawberry.field(description="Fewer households than this are not shown.")
    rules: list[SimulatedRule] = strawberry.field(description="Entry rules first.")
    differences: list[SimulatedDifference]
    refused: list[RefusedAnswers]
    counted_text: strawberry.Private[Any]

    @computed(description="Which cases are counted, in Swedish (sv) or English (en).")
    def counted(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Which cases are counted."""
        return worded(self.counted_text, lang)


def result_shown(data: Data, changed_only: bool) -> SimulationResult:
    """A stored result; ``changed_only`` leaves out rules that answer everybody as before."""
    differences = {one["cause"]: _difference(one) for one in data["causes"]}
    return SimulationResult(
        cases=data["cases"],
        facts_as_of=dt.date.fromisoformat(data["as_of"]) if data["as_of"] else None,
        checked=data["checked"],
        threshold=data["threshold"],
        rules=[
            _rule(one, differences)
            for one in data["rows"]
            if not changed_only or one["changed"] or one["presence"] != "both"
        ],
        differences=list(differences.values()),
        refused=[
            RefusedAnswers(
                version=one["version"], fact=one["fact"], cases=one["cases"], text=one["label"]
            )
            for one in data["refused"]
        ],
        counted_text=data["counted"],
    )


def _rule(data: Data, differences: Mapping[str, SimulatedDifference]) -> SimulatedRule:
    return SimulatedRule(
        subject=data["subject"],
        kind=data["kind"],
        rule=data["rule"],
        programme=data["programme"],
        presence=data["presence"],
        cite=data["cite"],
        counts=None if data["counts"] is None else _counts(data["counts"]),
        changed=data["changed"],
        dimensions=[_dimension(one) for one in data["dimensions"]],
        causes=[
            SimulatedCause(difference=differences[one["cause"]], answers=one["answers"])
            for one in data["causes"]
        ],
        text=data["label"],
        programme_text=data["programme_label"],
    )


def _dimension(data: Data) -> SimulatedDimension:
    return SimulatedDimension(
        dimension=data["dimension"],
        groups=[
            SimulatedGroup(
                code=one["code"],
                cases=one["cases"],
                counts=_counts(one["counts"]),
                suppressed=None in one["counts"].values(),
                text=one["label"],
            )
            for one in data["groups"]
        ],
        text=data["label"],
    )


def _counts(counts: Data) -> SimulatedCounts:
    return SimulatedCounts(
        gains=counts["gain"],
        losses=counts["loss"],
        newly_unknown=counts["newly_unknown"],
        newly_known=counts["newly_known"],
        unchanged=counts["unchanged"],
    )


def _difference(data: Data) -> SimulatedDifference:
    return SimulatedDifference(
        id=data["cause"],
        kind=data["kind"],
        name=data["name"],
        cite=data["cite"],
        before=None if data["before"] is None else Json(data["before"]),
        after=None if data["after"] is None else Json(data["after"]),
        rules_changed=data["rules"],
        text=data["label"],
    )
