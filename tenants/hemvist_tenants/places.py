"""Where each key of a TOML file stands: ``tomllib`` reads what it means and forgets the place.

Only for text that ``tomllib`` has read without complaint: what is written wrongly is not looked for
here. Keys are named as faults name them: ``issuers[1].memberships.rules[2].role``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
#: The four kinds of text, the longer first; a text of three quotes may end in two more.
_TEXTS = (
    re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def places_of(text: str) -> Mapping[str, Place]:
    """The place of every key and of every item of a list in ``text``, which is valid TOML."""
    return _Walk(text).found


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[str, Place] = {}
        self._counts: dict[str, int] = {}
        self._prefix = ""
        self._skip()
        while self.at < len(text):
            if text[self.at] == "[":
                self._header()
            else:
                self._pair(self._prefix)
            self._skip()

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        assert blank is not None
        self.at = blank.end()

    def _next(self, sign: str) -> bool:
        """Step over ``sign`` if it comes next."""
        self._skip()
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _note(self, path: str, start: int) -> None:
        line = self.text.count("\n", 0, start) + 1
        column = start - (self.text.rfind("\n", 0, start) + 1) + 1
        self.found.setdefault(path, Place(line, column))

    def _header(self) -> None:
        start = self.at
        several = self.text.startswith("[[", start)
        self.at += 2 if several else 1
        path = ""
        keys = self._keys()
        for number, key in enumerate(keys, start=1):
            path = f"{path}.{key}" if path else key
            if several and number == len(keys):
                self._counts[path] = self._counts.get(path, 0) + 1
                self._note(path, start)
            # A table within a list of tables belongs to the last of them.
            if path in self._counts:
                path = f"{path}[{self._counts[path]}]"
            self._note(path, start)
        self.at = self.text.index("]", self.at) + (2 if several else 1)
        self._prefix = f"{path}."

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip()
            keys.append(self._key())
            if not self._next("."):
                return keys

    def _key(self) -> str:
        bare = _BARE.match(self.text, self.at)
        if bare is not None:
            self.at = bare.end()
            return bare.group()
        quoted = self._quoted()
        return str(tomllib.loads(f"k = {quoted}")["k"])

    def _quoted(self) -> str:
        for kind in _TEXTS:
            found = kind.match(self.text, self.at)
            if found is not None:
                self.at = found.end()
                return found.group()
        raise ValueError(f"no TOML at offset {self.at}")

    def _pair(self, prefix: str) -> None:
        start = self.at
        path = prefix.removesuffix(".")
        for key in self._keys():
            path = f"{path}.{key}" if path else key
            self._note(path, start)
        self._next("=")
        self._skip()
        self._value(path)

    def _value(self, path: str) -> None:
        sign = self.text[self.at]
        if sign == "[":
            self.at += 1
            number = 0
            while not self._next("]"):
                number += 1
                self._note(f"{path}[{number}]", self.at)
                self._value(f"{path}[{number}]")
                self._next(",")
        elif sign == "{":
            self.at += 1
            while not self._next("}"):
                self._pair(f"{path}.")
                self._next(",")
        elif sign in "\"'":
            self._quoted()
        else:
            plain = _PLAIN.match(self.text, self.at)
            assert plain is not None
            self.at = plain.end()
