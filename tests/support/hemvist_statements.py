"""Notes every statement that the platform's own roles send, and who sent it.

As a pytest plugin (``-p hemvist_statements``) with HEMVIST_STATEMENTS=FILE it notes a whole run of tests:
each distinct statement of the roles ``hemvist_*`` once, as a line of JSON with the role and the place in
our code. ``hemvist citus check --statements FILE`` reads it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hemvist.db import Audience

_ROOT = Path(__file__).resolve().parents[2]
_ROLES = {one.value for one in Audience}
#: What only carries statements for others.
_CARRIERS = (
    "tenancy/session.py",
    "tenancy/plain.py",
    "pipelined.py",
    "compiled/carrying.py",
    "lending.py",
)
_PACKAGES = ("platform", "graphql", "workers", "portal", "infra")


class Noted:
    """Statements by text, each with the role and the place it came from."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], str] = {}
        #: Written to as they come, so that a run that is stopped leaves what it saw.
        self.file: Any = None

    def note(self, connection: Any, text: str) -> None:
        """Keep ``text`` if one of our roles sends it."""
        role = connection.info.user
        if role in _ROLES and (role, text) not in self.found:
            place = self.found[role, text] = _place()
            if self.file is not None:
                line = {"role": role, "place": place, "text": text}
                self.file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _place() -> str:
    frame: Any = sys._getframe(3)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(_ROOT)) and not path.endswith(_CARRIERS):
            inside = Path(path).relative_to(_ROOT)
            if inside.parts[0] in _PACKAGES:
                return f"{'.'.join(inside.with_suffix('').parts[1:])}:{frame.f_code.co_name}"
            if inside.parts[0] == "tests":
                return "tests"
        frame = frame.f_back
    return "elsewhere"


@contextmanager
def noting(noted: Noted) -> Iterator[None]:
    """Every statement that this process sends in the block goes to ``noted``."""
    one, many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def execute(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
        noted.note(cursor.connection, _text(cursor, query))
        return one(cursor, query, *rest, **more)

    def executemany(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
        noted.note(cursor.connection, _text(cursor, query))
        return many(cursor, query, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", execute)
        patch.setattr(psycopg.Cursor, "executemany", executemany)
        yield


def _text(cursor: Any, query: Any) -> str:
    if isinstance(query, bytes):
        return query.decode()
    return query if isinstance(query, str) else str(query.as_string(cursor))


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """Begin to note, where a file is given."""
    if "HEMVIST_STATEMENTS" in os.environ:
        noted = Noted()
        noted.file = open(os.environ["HEMVIST_STATEMENTS"], "a", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the tests run
        block = noting(noted)
        block.__enter__()
        session.config.stash[_KEY] = (noted, block)
    return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End it."""
    kept = session.config.stash.get(_KEY, None)
    if kept is not None:
        noted, block = kept
        block.__exit__(None, None, None)
        noted.file.close()


_KEY = pytest.StashKey[Any]()
