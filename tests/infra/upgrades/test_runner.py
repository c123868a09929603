"""The runner: little patience, much persistence, and what is done stays done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from hemvist.errors import HemvistError
from hemvist.migrations import fit
from hemvist_infra import catalogue, upgrades
from hemvist_infra import database as databases
from hemvist_infra.database import migrating_connection
from hemvist_infra.revisions import differences
from hemvist_infra.upgrades import indexes
from hemvist_infra.web import health
from hemvist_upgrading import REVISIONS, configured_with

NOW = f"{fit.code_revision():04d}"
QUICK = upgrades.Manner(lock_wait=0.05, patience=20.0)


def upgraded(
    url: str,
    to: str,
    manner: upgrades.Manner = QUICK,
    say: Callable[[str], None] = lambda _: None,
) -> list[upgrades.Applied]:
    """As ``hemvist db upgrade`` does it, with the drill's migrations."""
    return upgrades.run(url, to, manner=manner, say=say, configured=configured_with(REVISIONS))


def schema(url: str) -> fit.Schema | None:
    """What the database says of itself."""
    with migrating_connection(url) as connection:
        return fit.schema_of(connection)


@pytest.fixture
def back(database: str) -> Iterator[str]:
    """The database; afterwards it is as it was."""
    yield database
    with migrating_connection(database) as connection:
        command.downgrade(configured_with(REVISIONS)(connection), NOW)
    with migrating_connection(database) as connection:
        assert differences(connection) == []


@contextmanager
def held(url: str, statement: str) -> Iterator[threading.Event]:
    """Somebody has a transaction open in which the statement was given, until the event is set."""
    over, begun = threading.Event(), threading.Event()

    def hold() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SET ROLE hemvist_owner")
            connection.execute(statement)
            begun.set()
            over.wait(600)
            connection.rollback()

    holding = threading.Thread(target=hold)
    holding.start()
    assert begun.wait(30)
    try:
        yield over
    finally:
        over.set()
        holding.join()


def test_up_and_down_again_with_everything_that_a_migration_may_do(back: str) -> None:
    done = upgraded(back, "9009")
    assert [one.name[:4] for one in done][:9] == [f"900{n}" for n in range(1, 10)]
    assert schema(back) == fit.Schema(9009, fit.FIRST_RELEASE)
    first = next(one for one in done if one.name.startswith("9001"))
    assert first.longest is not None and first.longest.table == "cases"
    outside = next(one for one in done if one.name.startswith("9003"))
    assert outside.longest is None


def test_a_lock_that_is_not_had_is_tried_again_and_nobody_waits_behind_it(back: str) -> None:
    slowest = 0.0
    over = threading.Event()

    def read() -> None:
        nonlocal slowest
        with psycopg.connect(back, autocommit=True) as connection:
            connection.execute("SET ROLE hemvist_owner")
            while not over.is_set():
                began = time.monotonic()
                connection.execute("SELECT count(*) FROM cases")
                slowest = max(slowest, time.monotonic() - began)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        with held(back, "LOCK TABLE cases IN ROW EXCLUSIVE MODE") as enough:

            def heard(line: str) -> None:
                if "attempt 1;" in line:
                    threading.Timer(2.0, enough.set).start()

            done = upgraded(back, "9001", say=heard)
    finally:
        over.set()
        reading.join()
    assert done[0].attempts > 1
    # Who waited behind us waited for one attempt, not for the two seconds.
    assert slowest < 1.5


def test_patience_ends_and_a_later_run_goes_on(back: str) -> None:
    with (
        held(back, "LOCK TABLE cases IN ROW EXCLUSIVE MODE"),
        pytest.raises(HemvistError, match="9001 .*a lock was not had"),
    ):
        upgraded(back, "9002", upgrades.Manner(lock_wait=0.05, patience=0.3))
    assert schema(back) == fit.Schema(int(NOW), fit.FIRST_RELEASE)
    assert [one.name[:4] for one in upgraded(back, "9002")] == ["9001", "9002"]


def test_an_index_that_was_left_half_made_is_made_anew(back: str) -> None:
    upgraded(back, "9002")
    with psycopg.connect(back, autocommit=True) as connection:
        connection.execute("SET ROLE hemvist_owner")
        connection.execute("SET lock_timeout = '200ms'")
        with (
            held(back, "LOCK TABLE cases IN ROW EXCLUSIVE MODE"),
            pytest.raises(psycopg.errors.LockNotAvailable),
        ):
            # Waits for the other transaction after it has put the index into the catalogue.
            connection.execute("CREATE INDEX CONCURRENTLY ix_drill_cases ON cases (tenant_id)")
        left = connection.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_drill_cases')"
        ).fetchone()
        if left is None:
            # It waited before: the same, as a superuser's slip would leave it.
            pytest.skip("nothing was left by this PostgreSQL")
    upgraded(back, "9003")
    with migrating_connection(back) as connection:
        assert indexes.broken(connection) == []
        made = connection.execute(text("SELECT pg_get_indexdef('ix_drill_cases'::regclass)"))
        assert "drill_mark" in made.scalar_one()


def test_what_the_version_before_reads_stays_until_it_has_ended(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE hemvist_owner")
        connection.execute("GRANT SELECT (name) ON landlords TO hemvist_landlord_views")
        connection.execute(
            "CREATE POLICY old ON persons FOR SELECT TO hemvist_landlord_views USING (false)"
        )
        connection.execute("GRANT SELECT (given_name_sealed) ON persons TO hemvist_landlord_views")
        connection.execute("RESET ROLE")
        connection.execute("SET ROLE hemvist_landlord_views")
        connection.execute("CREATE VIEW lv_old AS SELECT id FROM landlords")

    def wrong() -> list[str]:
        with migrating_connection(database) as connection:
            return catalogue.problems(connection)

    upgrades.run(database, manner=QUICK)
    left = wrong()
    assert any("lv_old" in line for line in left) and any("policy old" in line for line in left)
    done = upgrades.run(database, manner=upgrades.Manner(tidy=True))
    assert wrong() == []
    # Each by itself: no table is kept from anybody because of another.
    assert all(len({lock.table for lock in one.locks}) <= 1 for one in done)


def test_a_view_that_differs_is_made_in_its_place(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE hemvist_landlord_views")
        connection.execute("ALTER VIEW lv_units RESET (security_barrier)")
        before = connection.execute("SELECT 'lv_units'::regclass::oid").fetchone()
    done = upgrades.run(database, manner=QUICK)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT 'lv_units'::regclass::oid").fetchone() == before
    assert [one.name for one in done] == ["lv_units: the landlords' view"]
    assert {lock.table for lock in done[0].locks} == {"lv_units"}
    with migrating_connection(database) as connection:
        assert catalogue.problems(connection) == []


def test_two_releases_at_once_are_refused_while_one_serves(database: str, tmp_path: Path) -> None:
    (tmp_path / "9001_far.py").write_text(
        '"""Far ahead."""\n'
        f'revision = "9001"\ndown_revision = "{NOW}"\nbranch_labels = None\ndepends_on = None\n'
        f'needs_code = "{int(NOW) + 1:04d}"\n'
        "def upgrade():\n    pass\ndef downgrade():\n    pass\n"
    )
    with pytest.raises(HemvistError, match="upgrade to the release between them first"):
        upgrades.run(database, "9001", manner=QUICK, configured=configured_with(tmp_path))


def test_ready_with_newer_tables_and_not_with_older(database: str, valkey: str) -> None:
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    )
    app.include_router(health.router)
    code = fit.code_revision()
    with TestClient(app) as client:
        for schema, missing in (
            (fit.Schema(code + 5, code), None),
            (fit.Schema(code - 1, 60), ["schema"]),
            (fit.Schema(code + 5, code + 1), ["schema"]),
            (None, ["schema"]),
            (fit.Schema(code, code), None),
        ):
            with migrating_connection(database) as connection:
                fit.write(connection, schema)
                connection.commit()
            answer = client.get("/health/ready")
            assert (answer.status_code == 200) is (missing is None)
            assert answer.json().get("missing") == missing


def test_it_is_told_where_the_database_is(database: str) -> None:
    databases.migrate()
    with migrating_connection(database) as connection:
        told = upgrades.told(connection)
    assert f"migration {NOW}" in told[0] and told[-1] == "This version can work with it."
