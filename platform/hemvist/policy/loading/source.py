"""YAML text to plain nodes that know their place, with hard limits.

Own composition over the parser's events, because a stranger may upload a pack: no alias is ever
followed, nesting and size are bounded before a tree is built, and a key written twice is an error
instead of a silent overwrite. Scalars stay text; the reader of a key decides what it means, so
``no`` or ``on`` is never turned into a truth value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from hemvist.policy.errors import PackError

MAX_CHARACTERS = 1_000_000
MAX_EVENTS = 100_000
MAX_DEPTH = 40
#: These count as line breaks for YAML and for nobody's editor.
_ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")

# libyaml when it is there: thirty times faster, same events.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def fail(self, message: str) -> NoReturn:
        """Raise ``PackError`` here."""
        raise PackError(self.file, self.line, self.column, message)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One written value. ``raw`` is its source text, quotes and line breaks included."""

    place: Place
    text: str
    plain: bool
    raw: str

    @property
    def is_null(self) -> bool:
        """Nothing written, or ``null`` or ``~``."""
        return self.plain and self.text in ("", "~", "null")

    def at(self, offset: int) -> Place:
        """The place in the file of character ``offset`` of the text."""
        index = _raw_index(self, offset)
        before = self.raw[:index]
        breaks = before.count("\n")
        if breaks == 0:
            return Place(self.place.file, self.place.line, self.place.column + index)
        column = index - before.rindex("\n")
        return Place(self.place.file, self.place.line + breaks, column)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; no key twice."""

    place: Place
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping


def parse(text: str, file: str) -> Node:
    """The one document of ``text``. Raises ``PackError`` with the place of the first fault."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    start = Place(file, 1, 1)
    if len(text) > MAX_CHARACTERS:
        start.fail(f"the file is longer than {MAX_CHARACTERS} characters")
    if odd := _ODD_BREAK.search(text):
        before = text[: odd.start()]
        line, column = before.count("\n") + 1, odd.start() - before.rfind("\n")
        Place(file, line, column).fail("unexpected line-break character")
    return _Composer(text, file).document()


class _Composer:
    """Builds nodes from the parser's events and stops at the first limit."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = text.split("\n")
        self.file = file
        self.count = 0
        self.events = self._events(text)

    def _events(self, text: str) -> Iterator[Any]:
        try:
            for event in yaml.parse(text, Loader=_Loader):
                self.count += 1
                if self.count > MAX_EVENTS:
                    self._place(event.start_mark).fail("the file has too many values")
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = self._place(mark) if mark else Place(self.file, 1, 1)
            problem = str(error.problem or error.context)
            cure = "; indent with spaces" if "tab" in problem else ""
            place.fail(f"not valid YAML: {problem}{cure}")
        except yaml.YAMLError as error:
            Place(self.file, 1, 1).fail(f"not valid YAML: {str(error).splitlines()[0]}")

    def _place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def document(self) -> Node:
        node: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and node is not None:
                self._place(event.start_mark).fail("one document per file")
            if isinstance(event, (yaml.AliasEvent, yaml.NodeEvent)):
                node = self._node(event, depth=1)
        if node is None:
            Place(self.file, 1, 1).fail("the file is empty")
        return node

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event.start_mark)
        if depth > MAX_DEPTH:
            place.fail(f"nested deeper than {MAX_DEPTH}")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            place.fail("anchors and aliases are not allowed; write the value out")
        # An explicit "!" tag shows as tag "!" or a full name; plain values carry none.
        if event.tag is not None:
            place.fail(f"tags such as {event.tag} are not allowed; write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(place, tuple(self._items(depth)))
        return self._mapping(place, depth)

    def _scalar(self, event: Any, place: Place) -> Scalar:
        first, last = event.start_mark, event.end_mark
        lines = self.lines[first.line : last.line + 1]
        if last.line < len(self.lines) and lines:
            lines[-1] = lines[-1][: last.column]
        lines[0] = lines[0][first.column :]
        return Scalar(place, event.value, event.style in (None, ""), "\n".join(lines))

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _mapping(self, place: Place, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                key.place.fail("a key must be a plain word")
            if key.text == "<<":
                key.place.fail("merge keys are not allowed; write the values out")
            if key.text in seen:
                key.place.fail(f"the key {key.text!r} is written twice; keep one of them")
            seen.add(key.text)
            entries.append((key, self._node(next(self.events), depth + 1)))
        return Mapping(place, tuple(entries))


def _raw_index(scalar: Scalar, offset: int) -> int:
    """Index in ``raw`` of character ``offset`` of the text: walks over quotes, escapes, folds."""
    raw = scalar.raw
    if scalar.plain:
        index = 0
    elif raw[:1] in ("'", '"'):
        index = 1
    else:
        index = raw.find("\n") + 1
    for position, character in enumerate(scalar.text):
        if character.isspace():
            if position == offset:
                return min(index, len(raw))
            index += 1
            following = scalar.text[position + 1 : position + 2]
            if following and not following.isspace():
                while index < len(raw) and raw[index].isspace():
                    index += 1
            continue
        while index < len(raw) and raw[index] != character and raw[index] in " \n\t\\'":
            index += 1
        if position == offset:
            return min(index, len(raw))
        index += 1
        # A quote inside single quotes is written twice.
        if character == "'" and raw[:1] == "'" and raw[index : index + 1] == "'":
            index += 1
    return min(index, len(raw))
