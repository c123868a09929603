"""Reading TOML with errors that name the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any


class TenantFileError(ValueError):
    """A tenant's file does not hold: ``helsingborg.toml: colours.primary: …``."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}: {key}: {message}" if key else f"{file}: {message}")
        self.file = file
        self.key = key


def _kind(value: object) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", dict: "a table"}
    return names.get(type(value), type(value).__name__)


class Table:
    """One table of a TOML file, read key by key; keys that nobody asked for are an error."""

    def __init__(self, file: str, path: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.path = path
        self._values = values
        self._asked: set[str] = set()

    @classmethod
    def load(cls, path: Path) -> Table:
        """The whole file as a table."""
        try:
            with path.open("rb") as stream:
                return cls(path.name, "", tomllib.load(stream))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise TenantFileError(path.name, "", str(error)) from error

    def error(self, key: str, message: str) -> TenantFileError:
        """An error at ``key`` of this table."""
        return TenantFileError(self.file, f"{self.path}{key}", message)

    def has(self, key: str) -> bool:
        """Whether the table has ``key``."""
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be a text, is {_kind(value)}")
        if not value.strip() and default is None:
            raise self.error(key, "must not be empty")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """A text that is one of ``choices``."""
        value = self.text(key)
        if value not in choices:
            raise self.error(key, f"is {value!r}, must be one of {', '.join(choices)}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, is {_kind(value)}")
        return value

    def day(self, key: str) -> date:
        """A date of TOML: 2026-01-31, without quotes."""
        value = self._value(key, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(key, f"must be a date, is {_kind(value)}")
        return value

    def number(self, key: str) -> int | None:
        """A whole number of nought or more, or None where it is left out."""
        if key not in self._values:
            return None
        value = self._value(key, None)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(key, f"must be a whole number, is {_kind(value)}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, or one text that stands for a list of one."""
        value = self._value(key, default)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.error(key, "must be a list of texts")
        return tuple(value)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A table within this one."""
        value = self._value(key, {} if optional else None)
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table, is {_kind(value)}")
        return Table(self.file, f"{self.path}{key}.", value)

    def tables(self, key: str, *, optional: bool = False) -> tuple[Table, ...]:
        """A list of tables, at least one unless ``optional``."""
        value = self._value(key, [] if optional else None)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "must be a list of tables")
        if not value and not optional:
            raise self.error(key, "must not be empty")
        return tuple(
            Table(self.file, f"{self.path}{key}[{number}].", item)
            for number, item in enumerate(value, start=1)
        )

    def every_text(self) -> dict[str, str]:
        """All of this table, each value a text."""
        return {key: self.text(key) for key in self._values}

    def finish(self) -> None:
        """Raise if the table has a key that nothing reads: most often a misspelling."""
        for key in self._values:
            if key not in self._asked:
                raise self.error(key, "is not a key that this table has")

    def _value(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.error(key, "is missing")
        return value
