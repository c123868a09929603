"""A large kommun for what reads are measured on: ten cases made with the tests' own hands, and many copies.

with large_kommun(30_000) as kommun:
    kommun.connect()
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
#: Cases that services make; every one is copied as often.
MADE = 10


@dataclass(frozen=True, slots=True)
class LargeKommun:
    """A kommun, a caseworker with many cases, one of them housed, and who answers vacancies."""

    superuser: str
    tenant: UUID
    department: str
    case: UUID
    caseworker: UUID
    officer: UUID
    landlord: UUID

    def connect(self) -> psycopg.Connection[Any]:
        """As superuser, in autocommit: past row security."""
        return psycopg.connect(self.superuser, autocommit=True)


@contextmanager
def large_kommun(cases: int) -> Iterator[LargeKommun]:
    """A server of its own with a kommun of so many cases, for this block."""
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "ERROR")
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        superuser = server.start()
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(superuser, "bench")
            hemvist = str(Path(sys.executable).with_name("hemvist"))
            subprocess.run([hemvist, "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
            yield _filled(superuser.rsplit("/", 1)[0] + "/bench", cases)
        finally:
            server.stop()


def _filled(superuser: str, cases: int) -> LargeKommun:
    sys.path.insert(0, str(SUPPORT))
    from hemvist.units.models import Unit
    from hemvist_multitude import multiply
    from hemvist_world import adult, child, new_world

    world = new_world()
    housed = world.case()
    world.housed(housed)
    for number in range(MADE - 1):
        world.case(adult(), *([child()] if number % 2 else []))
    multiply(world.tenant_id, cases // MADE - 1)
    with psycopg.connect(superuser, autocommit=True) as connection:
        # Hint bits and the visibility map, as in a database that has lived for a while.
        connection.execute("VACUUM (ANALYZE)")
    caseworker = world["caseworker SOF-VUX"].principal_id
    officer = world["property"].principal_id
    assert caseworker is not None and officer is not None
    landlord = world.rows(Unit)[0].landlord_id
    return LargeKommun(
        superuser, world.tenant_id, "SOF-VUX", housed.id, caseworker, officer, landlord
    )
