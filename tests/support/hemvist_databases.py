"""Databases for tests: one is migrated, the others are copied from it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from hemvist_infra.embedded import EmbeddedPostgres
from hemvist_infra.embedded.account import Account
from hemvist_testing import forget_settings


class Forgetful(EmbeddedPostgres):
    """PostgreSQL that never waits for the disk: nothing in it outlives the tests.

    Where a server is killed and has to come back, the test has one of its own that does wait.
    """

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """The ordinary command; of a setting given twice, the last counts."""
        settings = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
        flags = [part for one in settings for part in ("-c", one)]
        return [*super().command(home, program, account, port, password), *flags]


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database ``name``; ``server_url`` may make databases, ``owner_url`` owns them."""

    server_url: str
    owner_url: str
    name: str
    own_server: bool

    @classmethod
    @contextmanager
    def on(cls, server_url: str, *, own_server: bool) -> Iterator[Template]:
        """Make and migrate it on the server; removed at the end from a server that is not ours."""
        from hemvist_infra.database import migrate
        from hemvist_infra.embedded.database import own_database

        name = f"hemvist_test_{secrets.token_hex(6)}"
        if own_server:
            owner_url = own_database(server_url, name)
        else:
            with psycopg.connect(server_url, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            owner_url = _database(server_url, name)
        made = cls(server_url, owner_url, name, own_server)
        try:
            migrate(owner_url)
            yield made
        finally:
            if not own_server:
                made.drop(name)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """A copy; ``hemvist`` uses it until the end, and the broker starts out empty with it."""
        from hemvist_infra.database import prepare_roles

        name = f"hemvist_test_{secrets.token_hex(6)}"
        owner = urlsplit(self.owner_url).username or ""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(owner), sql.Identifier(self.name)
                )
            )
        given = os.environ.get("HEMVIST_DATABASE_URL")
        url = _database(self.owner_url, name)
        os.environ["HEMVIST_DATABASE_URL"] = url
        forget_settings()
        _empty_broker()
        try:
            # Rights on a database are its own and no part of what is copied.
            prepare_roles(url)
            yield url
        finally:
            forget_settings()
            if given is None:
                os.environ.pop("HEMVIST_DATABASE_URL", None)
            else:
                os.environ["HEMVIST_DATABASE_URL"] = given
            self.drop(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _empty_broker() -> None:
    broker = os.environ.get("HEMVIST_REDIS_URL")
    if broker is not None:
        with redis.Redis.from_url(broker) as client:
            client.flushdb()
