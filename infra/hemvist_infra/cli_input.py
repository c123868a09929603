"""What commands are given: packs, days, facts; and how bad input is told, with exit status 2."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from hemvist.policy import Pack, PolicyError, Registry, load_pack
from hemvist.policy.facts import parse_day
from hemvist.policy.loading.parts import HEAD


def pack_named(written: str, on: date | None = None) -> Pack:
    """By folder, by ``name@version``, or by name: in force on the day, else the latest."""
    if Path(written, HEAD).is_file():
        return load_pack(Path(written))
    name, _, version = written.partition("@")
    registry = Registry.discover(name)
    if version or on is None:
        return registry.get(name, version or None)
    return registry.in_force(name, on)


def day_of(written: str, what: str) -> date:
    """A day of the command line. Raises ``PolicyError`` naming ``what``."""
    found = parse_day(written)
    if found is None:
        raise PolicyError(f"{what} must be a date such as 2026-07-01, not {written[:40]!r}")
    return found


def no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object of which no key is written twice. Raises ``PolicyError``."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PolicyError(f"{twice[:60]!r} is written twice", fact=twice)
    return found


@contextmanager
def bad_input(file: Path | None = None) -> Iterator[None]:
    """Errors about the input end the command with status 2; ``file`` holds the named facts."""
    try:
        yield
    except PolicyError as error:
        if file is not None and error.fact is not None:
            line, column = place_of(file, error.fact)
            fail(f"{file}:{line}:{column}: {error}")
        fail(str(error))


def place_of(file: Path, fact: str) -> tuple[int, int]:
    """Where the fact's key stands in the file, or its start."""
    try:
        content = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return 1, 1
    index = key_at(content, fact)
    if index < 0:
        return 1, 1
    return content.count("\n", 0, index) + 1, index - content.rfind("\n", 0, index)


def key_at(content: str, fact: str) -> int:
    """Where the fact's key begins in JSON text; -1 when it does not stand there."""
    key = json.dumps(fact.partition("[")[0].partition(".")[0], ensure_ascii=False)
    return content.find(key)


def fail(message: str) -> NoReturn:
    """End the command: the input is at fault."""
    print(message, file=sys.stderr)
    raise typer.Exit(2)


def print_json(value: object) -> None:
    """JSON on standard output, for programs and people."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
