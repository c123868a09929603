"""On a database that was restored and not released, no task does anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from hemvist import restored
from hemvist.db import dispose_engines
from hemvist_workers import tasks
from hemvist_workers.app import app
from hemvist_workers.holding import Holding

pytestmark = pytest.mark.usefixtures("valkey")


@contextmanager
def _restored(server: str, database: str, value: str = "a-backup") -> Iterator[None]:
    """The server says so of this database inside, as a restored one says it of all."""
    name = sql.Identifier(urlsplit(database).path.lstrip("/"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET hemvist.restored = {}").format(name, sql.Literal(value))
        )
        _anew()
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} RESET hemvist.restored").format(name))
            _anew()


def _anew() -> None:
    dispose_engines()
    restored.forget()


def test_every_task_looks_first() -> None:
    ours = {name: task for name, task in app.tasks.items() if name.startswith("hemvist.")}
    assert len(ours) > 10
    assert [name for name, task in ours.items() if not isinstance(task, Holding)] == []


def test_nothing_is_done_until_it_is_released(
    postgres: str, database: str, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[UUID] = []
    monkeypatch.setitem(tasks.CHORES, "prune", lambda one, _after: done.append(one))  # type: ignore[arg-type]
    with _restored(postgres, database):
        assert restored.restored_as() == "a-backup"
        tasks.chore("prune", str(tenant))
        assert done == []
    tasks.chore("prune", str(tenant))
    assert done == [tenant]


def test_a_database_that_does_not_answer_leaves_it_as_it_was(
    postgres: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str | None:
        raise psycopg.OperationalError("away")

    with _restored(postgres, database):
        assert restored.held()
        monkeypatch.setattr(restored, "_GOOD", 0.0)
        monkeypatch.setattr(restored, "restored_as", away)
        assert restored.held()
    assert not restored.held()


def test_an_empty_setting_is_none(postgres: str, database: str) -> None:
    with _restored(postgres, database, ""):
        assert restored.restored_as() is None
        assert not restored.held()
