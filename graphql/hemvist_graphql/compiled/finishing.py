"""Computed fields put into the JSON that a statement gave.

Made once for a plan from what the operation selects, without a look at the SQL: where rows stand in
the JSON, what each brings along for its computed fields, and how those are got. For a request, all
rows are found first, each place's as one cohort, so that what one of them reads it reads for all;
then each computed field is worked out for all rows of its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import get_named_type, is_object_type
from graphql.execution.values import VariableValues

from hemvist.identity import Actor
from hemvist_graphql.choosing import Chosen, Within
from hemvist_graphql.compiled.completing import Arguments, Asked, Completing, Getter
from hemvist_graphql.compiled.ingredients import Convert, converters, needed
from hemvist_graphql.compiled.json import dumps, loads
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.selection import Selected, Selections
from hemvist_graphql.connections import Connected
from hemvist_graphql.context import Context
from hemvist_graphql.loading import Cohort
from hemvist_graphql.reading import Computed, LookedUp, Readable, readable, readable_names


@dataclass(slots=True)
class Place:
    """A place in the response where objects stand: rows of ``cls``, or plain ones over rows."""

    at: int
    cls: type[Readable] | None = None
    taken: list[tuple[str, str, Convert | None]] = field(default_factory=list)
    steps: list[tuple[str, Getter]] = field(default_factory=list)
    below: list[tuple[str, Place]] = field(default_factory=list)


@dataclass(slots=True)
class Finishing:
    """What is left to do when a plan's statement has been read."""

    #: For each root field: its place, how it is got from nothing, or None: its text stands.
    roots: list[Place | Getter | None]
    places: list[Place]
    arguments: Arguments
    #: Whether something may be read from the database that goes out.
    reads: bool
    #: Whether methods are told who asks, and may want to know of the kommun.
    asks: bool
    #: Whether it is nothing but opening what is sealed: done in a moment, wherever the text is.
    only_opens: bool

    def __bool__(self) -> bool:
        return any(root is not None for root in self.roots)

    def asked(self, context: Context, variables: VariableValues) -> Asked:
        """The request, as the methods see it. Raises ``NotPlanned`` for refused values."""
        return Asked(context, self.arguments.of(variables))

    def done(self, texts: Sequence[Any], asked: Asked) -> tuple[list[Any], int]:
        """The root fields' texts with everything in them, and how many fields that were."""
        read = [
            text if left is None or text is None else loads(text)
            for text, left in zip(texts, self.roots, strict=True)
        ]
        found, count = self.finish(read, asked)
        told: list[Any] = [
            value if left is None else dumps(value)
            for value, left in zip(found, self.roots, strict=True)
        ]
        return told, count

    def finish(self, values: Sequence[Any], asked: Asked) -> tuple[list[Any], int]:
        """The root fields' values with everything in them, and how many fields that were."""
        found: list[list[tuple[dict[str, Any], Readable]]] = [[] for _ in self.places]
        cohorts = [Cohort() for _ in self.places]
        for root, value in zip(self.roots, values, strict=True):
            if isinstance(root, Place):
                _find(root, value, found, cohorts)
        count = 0
        for place in self.places:
            rows = found[place.at]
            count += len(rows) * len(place.steps)
            for key, get in place.steps:
                for shown, row in rows:
                    shown[key] = get(row, asked)
        finished = list(values)
        for at, root in enumerate(self.roots):
            if root is not None and not isinstance(root, Place):
                finished[at] = root(None, asked)
                count += 1
        return finished, count


def finishing_of(selections: Selections, roots: Sequence[Root], actor: Actor) -> Finishing:
    """What an operation leaves to Python. ``actor`` is the plan's stand-in."""
    made = _Maker(selections, actor)
    found = [made.root(root) for root in roots]
    completing = made.completing
    return Finishing(
        found,
        made.places,
        completing.arguments,
        completing.reads,
        completing.asks,
        completing.only_opens,
    )


class _Maker:
    def __init__(self, selections: Selections, actor: Actor) -> None:
        self.completing = Completing(selections)
        self.places: list[Place] = []
        self._selections, self._actor = selections, actor

    def root(self, root: Root) -> Place | Getter | None:
        if isinstance(root.how, Computed):
            return self.completing.getter(root.field, "Query")
        if isinstance(root.how, LookedUp):
            return (
                self._place(_seen_as(root.target), root.target, root.field) if root.target else None
            )
        if isinstance(root.how, Connected | Chosen | Within):
            return self._below(root.field)
        return None

    def _below(self, one: Selected) -> Place | None:
        """The place of a planned field's objects; None when nothing in it is left to do."""
        assert one.definition is not None
        type_: Any = get_named_type(one.definition.type)
        if not is_object_type(type_):
            return None
        cls = one.how.seen_as if isinstance(one.how, Chosen) else _seen_as(type_.name)
        return self._place(cls, type_.name, one)

    def _place(self, cls: type[Readable] | None, type_name: str, one: Selected) -> Place | None:
        fields = self._selections.below(self._selections.object_type(type_name), one)
        place = Place(0, cls)
        for inner in fields:
            if cls is not None and isinstance(inner.how, Computed):
                place.steps.append((inner.key, self.completing.getter(inner, type_name)))
            elif inner.definition is not None:
                below = self._below(inner)
                if below is not None:
                    place.below.append((inner.key, below))
        if cls is not None and place.steps:
            keys = needed(cls.reading, fields)
            place.taken = converters(cls.reading, keys, self._actor)
        if not place.steps and not place.below:
            return None
        place.at = len(self.places)
        self.places.append(place)
        return place


def _seen_as(type_name: str) -> type[Readable] | None:
    return readable(type_name) if type_name in readable_names() else None


Found = list[list[tuple[dict[str, Any], Readable]]]


def _find(place: Place, value: Any, found: Found, cohorts: list[Cohort]) -> None:
    """Note every row at ``place`` and below, and take its ingredients out of the response."""
    if value is None:
        return
    if isinstance(value, list):
        for one in value:
            _find(place, one, found, cohorts)
        return
    if place.steps:
        assert place.cls is not None
        cohort = cohorts[place.at]
        row = place.cls.of(_taken(place.taken, value.pop), cohort)  # type: ignore[arg-type]
        cohort.members.append(row)
        found[place.at].append((value, row))
    for key, below in place.below:
        _find(below, value[key], found, cohorts)


def _taken(
    wanted: list[tuple[str, str, Convert | None]], pop: Callable[[str], Any]
) -> dict[str, Any]:
    row = {}
    for key, label, convert in wanted:
        value = pop(label)
        row[key] = value if convert is None or value is None else convert(value)
    return row
