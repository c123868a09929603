"""Servers for the whole test session, started when the first test asks for them.

Where several processes share the tests out (hemvist_sharing), each is a session of its own.
``postgres`` and ``valkey`` give the URL of a real server: an embedded one in a temporary folder, or
the one named by ``HEMVIST_DATABASE_URL`` and ``HEMVIST_REDIS_URL``. ``database`` is a migrated
database for the module; ``hemvist`` itself uses it, as it would in a run. A test that writes makes
a tenant of its own with ``tenant`` or ``hemvist_testing.new_tenant()``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hemvist_databases import Forgetful, Template
from hemvist_sharing import (  # noqa: F401
    pytest_collect_directory,
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)
from hemvist_testing import (
    forget_settings,
    new_tenant,
    open_folder,
    use_test_settings,
)

if TYPE_CHECKING:
    from hemvist_workshop import Workshop

# Before any module under test reads its settings.
use_test_settings()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server, as a user who may make databases and roles."""
    given = os.environ.get("HEMVIST_DATABASE_URL")
    if given:
        yield given
        return
    with open_folder() as folder:
        server = Forgetful(folder / "postgres")
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
def template(postgres: str) -> Iterator[Template]:
    """A migrated database that is only ever copied."""
    with Template.on(postgres, own_server="HEMVIST_DATABASE_URL" not in os.environ) as made:
        yield made


@pytest.fixture(scope="module")
def database(template: Template) -> Iterator[str]:
    """Owner's URL of a migrated database that only this module uses; ``hemvist`` uses it too.

    What one module leaves behind, kommuner, cases, tasks on the broker, no other module meets.
    """
    with template.copy() as url:
        yield url


@pytest.fixture
def tenant(database: str) -> UUID:
    """The id of a kommun that only this test uses."""
    return new_tenant()


@pytest.fixture
def workshop(database: str) -> Iterator[Workshop]:
    """A broker of this test's own, with no process on it yet: one that can be hurt."""
    from hemvist_infra.embedded import EmbeddedValkey
    from hemvist_workshop import Workshop

    with open_folder() as folder:
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        try:
            yield workshop
        finally:
            workshop.close()
