"""Servers for the whole test session, started when the first test asks for them.

``postgres`` and ``valkey`` give the URL of a real server: an embedded one in a temporary folder, or
the one named by ``HEMVIST_DATABASE_URL`` and ``HEMVIST_REDIS_URL``. ``database`` is one migrated
database on it; afterwards ``hemvist`` itself uses it, as it would in a run. A test that writes makes
a tenant of its own with ``tenant`` or ``hemvist_testing.new_tenant()``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from hemvist_testing import (
    database_on,
    forget_settings,
    new_tenant,
    open_folder,
    use_test_settings,
)

# Before any module under test reads its settings.
use_test_settings()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server, as a user who may make databases and roles."""
    from hemvist_infra.embedded import EmbeddedPostgres

    given = os.environ.get("HEMVIST_DATABASE_URL")
    if given:
        yield given
        return
    with open_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres")
        yield server.start()
        server.stop()


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """URL of a Valkey (or Redis) server; ``hemvist`` uses it from then on."""
    from hemvist_infra.embedded import EmbeddedValkey

    given = os.environ.get("HEMVIST_REDIS_URL")
    if given:
        yield given
        return
    with open_folder() as folder:
        server = EmbeddedValkey(folder / "valkey")
        os.environ["HEMVIST_REDIS_URL"] = server.start()
        forget_settings()
        yield os.environ["HEMVIST_REDIS_URL"]
        server.stop()
        del os.environ["HEMVIST_REDIS_URL"]


@pytest.fixture(scope="session")
def database(postgres: str) -> Iterator[str]:
    """Owner's URL of a migrated database; ``hemvist`` uses it from then on."""
    from hemvist_infra.database import migrate
    from hemvist_infra.embedded.database import own_database

    given = os.environ.get("HEMVIST_DATABASE_URL")
    with ExitStack() as stack:
        if given:
            name = f"hemvist_test_{secrets.token_hex(6)}"
            url = stack.enter_context(database_on(given, name))
        else:
            url = own_database(postgres, "hemvist_test")
        os.environ["HEMVIST_DATABASE_URL"] = url
        forget_settings()
        migrate()
        yield url
        forget_settings()
        if given:
            os.environ["HEMVIST_DATABASE_URL"] = given
        else:
            del os.environ["HEMVIST_DATABASE_URL"]


@pytest.fixture
def tenant(database: str) -> UUID:
    """The id of a kommun that only this test uses."""
    return new_tenant()
