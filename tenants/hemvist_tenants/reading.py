"""Reading TOML with every fault named at once: file, line, key, what is wrong, what would be right.

A ``Table`` goes on after a fault with something in the value's place, so that one reading finds them
all; what was read from such a file is never used, since whoever loads it ends with ``settle``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hemvist_tenants.places import Place, places_of

_SYNTAX = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_LAST = re.compile(r"(?:\[\d+\]|\.?[^.\[\]]+)$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a file that does not hold."""

    file: str
    key: str
    message: str
    #: What would be right, where that can be said.
    cure: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        where = self.file if self.place is None else f"{self.file}:{self.place.line}"
        words = f"{self.message}; {self.cure}" if self.cure else self.message
        return f"{where}: {self.key}: {words}" if self.key else f"{where}: {words}"


class TenantFileError(ValueError):
    """A tenant's file does not hold: ``helsingborg.toml:12: colours.primary: …``."""

    def __init__(self, file: str, key: str, message: str, *, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults) or (Fault(file, key, message),)
        first, more = self.faults[0], len(self.faults) - 1
        others = f" (and {more} more: hemvist tenant check {file})" if more else ""
        super().__init__(f"{first}{others}")
        self.file = file
        self.key = first.key

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> TenantFileError:
        """All of ``faults``, which are of one file and at least one."""
        return cls(faults[0].file, faults[0].key, faults[0].message, faults=faults)


@dataclass
class Faults:
    """What was found wrong in one file so far."""

    file: str
    places: Mapping[str, Place] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)

    def note(self, key: str, message: str, cure: str = "") -> None:
        """Add a fault at ``key``; where that is missing, its place is the table's that it is missing in."""
        if not any(fault.key == key for fault in self.found):
            self.found.append(Fault(self.file, key, message, cure, self.place(key)))

    def place(self, key: str) -> Place | None:
        """Where ``key`` or the nearest table around it stands; None at the top of the file."""
        for name in _outwards(key):
            if name in self.places:
                return self.places[name]
        return None

    def settle(self) -> None:
        """Raise ``TenantFileError`` with everything found, in the order of the file."""
        if self.found:
            top = Place(0, 0)
            raise TenantFileError.of(sorted(self.found, key=lambda one: one.place or top))


def _outwards(key: str) -> Iterator[str]:
    """``key``, then each table or list that it lies in, the nearest first."""
    while key:
        yield key
        shorter = _LAST.sub("", key)
        key = shorter if shorter != key else ""


def _kind(value: object) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", dict: "a table"}
    return names.get(type(value), type(value).__name__)


class Table:
    """One table of a TOML file, read key by key; keys that nobody asked for are a fault.

    A value that does not hold is noted in ``faults``, and something of its kind is given instead.
    """

    def __init__(self, faults: Faults, path: str, values: Mapping[str, Any]) -> None:
        self.faults = faults
        self.path = path
        self._values = values
        self._asked: dict[str, None] = {}

    @classmethod
    def load(cls, path: Path) -> Table:
        """The whole file as a table. Raises ``TenantFileError`` when it is no TOML."""
        try:
            text = path.read_bytes().decode("utf-8")
            values = tomllib.loads(text)
        except OSError as error:
            raise TenantFileError(path.name, "", str(error)) from error
        except UnicodeDecodeError as error:
            raise TenantFileError(path.name, "", f"is not UTF-8: {error}") from error
        except tomllib.TOMLDecodeError as error:
            place = _place_of(str(error), text)
            fault = Fault(path.name, "", f"is no TOML: {error}", "", place)
            raise TenantFileError.of([fault]) from error
        return cls(Faults(path.name, places_of(text)), "", values)

    def fault(self, key: str, message: str, cure: str = "") -> None:
        """Note that ``key`` of this table does not hold, and what would be right."""
        self.faults.note(f"{self.path}{key}", message, cure)

    def sound(self, key: str) -> bool:
        """Whether nothing was found wrong at ``key`` or within it so far."""
        whole = f"{self.path}{key}"
        return not any(
            one.key == whole or one.key.startswith((f"{whole}.", f"{whole}["))
            for one in self.faults.found
        )

    def has(self, key: str) -> bool:
        """Whether the table has ``key``."""
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._value(key, default)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, f"must be a text, is {_kind(value)}", f'write {key} = "…"')
            return default or ""
        if not value.strip() and default is None:
            self.fault(key, "must not be empty")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """A text that is one of ``choices``."""
        value = self.text(key)
        if self.sound(key) and value not in choices:
            self.fault(
                key, f"is {value!r}, must be one of {', '.join(choices)}", near(value, choices)
            )
        return value if value in choices else choices[0]

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            self.fault(key, f"must be true or false, is {_kind(value)}", "without quotes")
            return default
        return value

    def day(self, key: str) -> date:
        """A date of TOML: 2026-01-31, without quotes."""
        value = self._value(key, None)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.fault(
                key,
                f"must be a date, is {_kind(value)}",
                f"write {key} = 2026-01-31, without quotes",
            )
        return date.min

    def number(self, key: str) -> int | None:
        """A whole number of nought or more, or None where it is left out."""
        if key not in self._values:
            self._asked[key] = None
            return None
        value = self._value(key, None)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault(
                key, f"must be a whole number, is {_kind(value)}", "0 or more, without quotes"
            )
            return None
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, or one text that stands for a list of one."""
        value = self._value(key, default)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.fault(key, "must be a list of texts", f'write {key} = ["…", "…"]')
            return default or ()
        return tuple(value)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A table within this one."""
        value = self._value(key, {} if optional else None)
        if isinstance(value, dict):
            return Table(self.faults, f"{self.path}{key}.", value)
        if value is not None:
            self.fault(key, f"must be a table, is {_kind(value)}", f"write [{self._bare(key)}]")
        # What it lacks has been told: that it is no table.
        return Table(Faults(self.faults.file), f"{self.path}{key}.", {})

    def tables(self, key: str, *, optional: bool = False) -> tuple[Table, ...]:
        """A list of tables, at least one unless ``optional``."""
        value = self._value(key, [] if optional else None)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(key, "must be a list of tables", f"write [[{self._bare(key)}]] before each")
            return ()
        if not value and not optional:
            self.fault(key, "must not be empty")
        return tuple(
            Table(self.faults, f"{self.path}{key}[{number}].", item)
            for number, item in enumerate(value, start=1)
        )

    def every_text(self) -> dict[str, str]:
        """All of this table, each value a text."""
        return {key: self.text(key) for key in self._values}

    def finish(self) -> None:
        """Note each key that nothing reads: most often a misspelling."""
        for key in self._values:
            if key not in self._asked:
                known = tuple(self._asked)
                cure = near(key, known) or f"its keys are {', '.join(known)}"
                self.fault(key, "is not a key that this table has", cure)

    def _bare(self, key: str) -> str:
        return re.sub(r"\[\d+\]", "", f"{self.path}{key}")

    def _value(self, key: str, default: object) -> object:
        self._asked[key] = None
        value = self._values.get(key, default)
        if value is None:
            self.fault(key, "is missing")
        return value


def near(word: str, known: Sequence[str]) -> str:
    """``did you mean …?`` where one of ``known`` is like ``word``, else nothing."""
    likely = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return f"did you mean {str(likely[0])!r}?" if likely else ""


def _place_of(message: str, text: str) -> Place | None:
    found = _SYNTAX.search(message)
    if found is None:
        return None
    if found.group(1) is None:
        return Place(text.count("\n") + 1, 1)
    return Place(int(found.group(1)), int(found.group(2)))
