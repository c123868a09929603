"""Typed reading of nodes: required and optional keys, suggestions for misspelt ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from hemvist.policy.facts import parse_day
from hemvist.policy.labels import Label
from hemvist.policy.loading.source import Mapping, Node, Place, Scalar, Sequence

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_COVERS = re.compile(r"[A-Z]{2,6}-[0-9]{1,3}")
_INT = re.compile(r"-?[0-9]{1,16}")
MAX_INT = 10**15
MAX_TEXT = 5000
#: Members of one list, or names of one map.
MAX_MEMBERS = 1000


def suggest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` when something close is known, else an empty string."""
    close = get_close_matches(word, [str(item) for item in known], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def scalar(node: Node, what: str) -> Scalar:
    """The node as a written value."""
    if not isinstance(node, Scalar):
        node.place.fail(f"{what} must be a single value")
    return node


def text(node: Node, what: str) -> str:
    """Non-blank text of at most ``MAX_TEXT`` characters."""
    value = scalar(node, what)
    if value.is_null or not value.text.strip():
        value.place.fail(f"{what} must not be empty")
    if len(value.text) > MAX_TEXT:
        value.place.fail(f"{what} is longer than {MAX_TEXT} characters")
    return value.text.strip()


def name(node: Node, what: str) -> str:
    """A lower-case name: letters, digits and underscores."""
    value = scalar(node, what)
    if not _NAME.fullmatch(value.text):
        value.place.fail(f"{what} must be lower-case letters, digits and _, not {value.text!r}")
    return value.text


def code(node: Node, what: str) -> str:
    """The code of an option or a department."""
    value = scalar(node, what)
    if not _CODE.fullmatch(value.text):
        value.place.fail(f"{what} must be letters, digits, _ and -, not {value.text!r}")
    return value.text


def choice(node: Node, what: str, known: Iterable[str]) -> str:
    """One of the words ``known``."""
    value = scalar(node, what)
    options = [str(word) for word in known]
    if value.text not in options:
        hint = suggest(value.text, options) or f"; one of {', '.join(options)}"
        value.place.fail(f"{what} cannot be {value.text!r}{hint}")
    return value.text


def pattern(node: Node, what: str, wanted: re.Pattern[str], described: str) -> str:
    """Text of a form; ``described`` says which, for whoever wrote another."""
    value = scalar(node, what)
    if not wanted.fullmatch(value.text):
        value.place.fail(f"{what} must be {described}, not {value.text[:40]!r}")
    return value.text


def boolean(node: Node, what: str) -> bool:
    """Exactly ``true`` or ``false``."""
    value = scalar(node, what)
    if not value.plain or value.text not in ("true", "false"):
        value.place.fail(f"{what} must be true or false, not {value.text!r}")
    return value.text == "true"


def integer(node: Node, what: str) -> int:
    """A whole number within ±10^15."""
    value = scalar(node, what)
    if not value.plain or not _INT.fullmatch(value.text) or abs(int(value.text)) > MAX_INT:
        value.place.fail(f"{what} must be a whole number, not {value.text[:40]!r}")
    return int(value.text)


def day(node: Node, what: str) -> date:
    """A date written ``2026-07-01``."""
    value = scalar(node, what)
    found = parse_day(value.text)
    if found is None:
        value.place.fail(f"{what} must be a date such as 2026-07-01, not {value.text!r}")
    return found


def items(node: Node, what: str) -> tuple[Node, ...]:
    """The members of a list."""
    if not isinstance(node, Sequence):
        node.place.fail(f"{what} must be a list")
    if len(node.items) > MAX_MEMBERS:
        node.items[MAX_MEMBERS].place.fail(f"{what} holds more than {MAX_MEMBERS} members")
    return node.items


def entries(node: Node, what: str) -> tuple[tuple[Scalar, Node], ...]:
    """The keys and values of a map."""
    if not isinstance(node, Mapping):
        node.place.fail(f"{what} must be a map of names")
    if len(node.entries) > MAX_MEMBERS:
        node.entries[MAX_MEMBERS][0].place.fail(f"{what} holds more than {MAX_MEMBERS} names")
    return node.entries


def label(node: Node, what: str) -> Label:
    """``{sv: …, en: …}``, both given."""
    with reading(node, what) as keys:
        return Label(text(keys.need("sv"), f"{what}.sv"), text(keys.need("en"), f"{what}.en"))


def covers(node: Node | None) -> tuple[str, ...]:
    """Ids of the rule catalogue, such as ``HBG-32``."""
    if node is None:
        return ()
    found: list[str] = []
    for item in items(node, "covers"):
        value = scalar(item, "covers")
        if not _COVERS.fullmatch(value.text):
            value.place.fail(f"covers must hold ids such as HBG-32, not {value.text!r}")
        if value.text in found:
            value.place.fail(f"{value.text} is listed twice")
        found.append(value.text)
    return tuple(found)


class Keys:
    """The keys of one map. What is never asked for is unknown, and refused at the end."""

    def __init__(self, node: Node, what: str) -> None:
        self.place: Place = node.place
        self.what = what
        self._entries = {key.text: (key, value) for key, value in entries(node, what)}
        self._asked: list[str] = []

    def get(self, key: str) -> Node | None:
        """The value of an optional key; a null counts as not given."""
        self._asked.append(key)
        found = self._entries.get(key)
        if found is None or (isinstance(found[1], Scalar) and found[1].is_null):
            return None
        return found[1]

    def need(self, key: str) -> Node:
        """The value of a required key."""
        found = self.get(key)
        if found is None:
            self._refuse_unknown()
            self.place.fail(f"{self.what} needs the key {key!r}")
        return found

    def has(self, key: str) -> bool:
        """Whether the key is written, without asking for it."""
        return key in self._entries

    def fail(self, key: str, message: str) -> NoReturn:
        """Raise at ``key`` when it is written, else at the map."""
        place = self._entries[key][0].place if key in self._entries else self.place
        place.fail(message)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        self._refuse_unknown(strict=True)

    def _refuse_unknown(self, strict: bool = False) -> None:
        for key, (written, _) in self._entries.items():
            if key in self._asked:
                continue
            hint = suggest(key, [word for word in self._asked if word not in self._entries])
            if strict or hint:
                hint = hint or suggest(key, self._asked)
                written.place.fail(f"unknown key {key!r} in {self.what}{hint}")


@contextmanager
def reading(node: Node, what: str) -> Iterator[Keys]:
    """Read a map; on leaving, refuse the keys that were not asked for."""
    keys = Keys(node, what)
    yield keys
    keys.done()


@contextmanager
def reading_some(node: Node, what: str) -> Iterator[Keys]:
    """Read a few keys of a map that is read in full elsewhere."""
    yield Keys(node, what)
