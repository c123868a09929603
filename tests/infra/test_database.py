"""Roles and migrations: without a superuser, more than once, at once, and with one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import MigrationScript
from sqlalchemy import text

from hemvist.db import Audience, audience_url
from hemvist.errors import HemvistError
from hemvist.migrations.rendering import compared, with_security
from hemvist.migrations.tables import metadata
from hemvist.settings import get_settings
from hemvist.tenancy import Owned
from hemvist_infra import database as databases
from hemvist_infra.revisions import differences, scratch
from hemvist_testing import forget_settings

PROGRAM = str(Path(sys.executable).with_name("hemvist"))


@pytest.fixture
def administrator(postgres: str, database: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the session's database; skipped where there is none."""
    parts = urlsplit(postgres)
    url = urlunsplit(parts._replace(path=urlsplit(database).path))
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SHOW is_superuser").fetchone() != ("on",):
            pytest.skip("the server's user is no superuser")
        yield connection


def as_user(database: str, user: str, password: str) -> str:
    """The database's address with another user."""
    parts = urlsplit(database)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))


def test_migrating_again_changes_nothing(database: str) -> None:
    databases.migrate()
    with databases.migrating_connection(database) as connection:
        assert differences(connection) == []


def test_the_administrator_is_no_superuser_and_owns_no_table(database: str) -> None:
    with psycopg.connect(database) as connection:
        powers = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    if "HEMVIST_DATABASE_URL" in os.environ and powers == (True, True):
        pytest.skip("the given server's user is a superuser")
    assert powers == (False, False)
    assert owners == [("hemvist_owner",)]


def test_each_audience_logs_in_with_its_derived_password(database: str) -> None:
    for audience in Audience:
        url = audience_url(audience).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (audience.value,)
        wrong = as_user(database, audience.value, "wrong")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)


def test_an_audiences_own_address_gives_its_password(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = as_user(database, "hemvist_exchange", "chosen-by-the-operator")
    monkeypatch.setenv("HEMVIST_DATABASE_URL_EXCHANGE", own)
    forget_settings()
    try:
        databases.prepare_roles(database)
        psycopg.connect(own).close()
    finally:
        monkeypatch.undo()
        forget_settings()
        databases.prepare_roles(database)


def test_somebody_without_the_right_gets_one_line(
    administrator: psycopg.Connection, database: str
) -> None:
    administrator.execute("DROP ROLE IF EXISTS nobody_special")
    administrator.execute("CREATE ROLE nobody_special LOGIN PASSWORD 'secret-of-a-test'")
    administrator.execute(
        f"GRANT CONNECT ON DATABASE {administrator.info.dbname} TO nobody_special"
    )
    try:
        with pytest.raises(HemvistError) as refused:
            databases.migrate(as_user(database, "nobody_special", "secret-of-a-test"))
    finally:
        administrator.execute(
            f"REVOKE ALL ON DATABASE {administrator.info.dbname} FROM nobody_special"
        )
        administrator.execute("DROP ROLE nobody_special")
    said = str(refused.value)
    assert "'nobody_special' may not make or change roles" in said
    assert "CREATEROLE" in said
    assert "\n" not in said
    assert "secret-of-a-test" not in said


def test_a_role_with_powers_is_refused(administrator: psycopg.Connection, database: str) -> None:
    administrator.execute("ALTER ROLE hemvist_exchange BYPASSRLS")
    try:
        with pytest.raises(HemvistError, match="hemvist_exchange.*bypasses row security"):
            databases.prepare_roles(database)
    finally:
        administrator.execute("ALTER ROLE hemvist_exchange NOBYPASSRLS")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:a-secret@127.0.0.1:1/x",  # not-secret: nobody's
        "postgresql://u:a-secret@no.such.host/x",  # not-secret: nobody's
    ],
)
def test_an_unreachable_server_gets_one_line(url: str) -> None:
    with pytest.raises(HemvistError) as refused:
        databases.migrate(url)
    assert "\n" not in str(refused.value)
    assert "a-secret" not in str(refused.value)


def test_the_command_without_an_address_gets_one_line() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "HEMVIST_DATABASE_URL"}
    ran = subprocess.run(
        [PROGRAM, "db", "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert ran.stderr.strip() == "hemvist: HEMVIST_DATABASE_URL is not set"


def _migrations_at_once(
    databases_of: Sequence[str], administrator: psycopg.Connection, postgres: str
) -> None:
    """Starts one migration per name, all in the same moment; every one must end well."""
    for name in set(databases_of):
        administrator.execute(f"DROP DATABASE IF EXISTS {name}")
        administrator.execute(f"CREATE DATABASE {name}")
    running = [
        subprocess.Popen(
            [PROGRAM, "db", "migrate"],
            env={
                **os.environ,
                "HEMVIST_DATABASE_URL": urlunsplit(urlsplit(postgres)._replace(path=f"/{name}")),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in databases_of
    ]
    try:
        ended = [(process.communicate(timeout=90)[0], process.returncode) for process in running]
        assert [code for _, code in ended] == [0] * len(ended), "\n".join(said for said, _ in ended)
    finally:
        for process in running:
            process.kill()
        for name in set(databases_of):
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_migrations_at_once(administrator: psycopg.Connection, postgres: str) -> None:
    """Several processes start on one empty database: each waits for the other, all end well."""
    _migrations_at_once(["hemvist_at_once"] * 3, administrator, postgres)


@pytest.mark.slow
def test_migrations_at_once_in_two_databases(
    administrator: psycopg.Connection, postgres: str
) -> None:
    """Roles belong to the server: two databases of one server change the same ones."""
    _migrations_at_once(["hemvist_here", "hemvist_there"], administrator, postgres)


def test_a_busy_database_gets_one_line(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "_WAIT_FOR_OTHER", "200ms")
    with (
        databases.migrating_connection(database),
        pytest.raises(HemvistError, match="the database is busy"),
    ):
        databases.migrate(database)


def test_back_and_forth(database: str) -> None:
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        left = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        assert set(left.scalars()) == {"alembic_version"}
        command.upgrade(config, "head")
        assert differences(connection) == []


def test_a_generated_migration_carries_policies_and_grants(database: str) -> None:
    with scratch(database) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": compared})
        script = produce_migrations(context, metadata)
        assert isinstance(script, MigrationScript)
        with_security(context, "", [script])
        assert script.upgrade_ops is not None
        written = render_python_code(script.upgrade_ops)
    for name, table in metadata.tables.items():
        if isinstance(table.info["tenancy"], Owned):
            assert f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY" in written
            assert f"CREATE POLICY tenant_isolation ON {name} " in written
        for role, privileges in table.info["tenancy"].grants.items():
            assert f"GRANT {', '.join(privileges)} ON {name} TO {role}" in written
    assert "info=" not in written


def test_the_settings_are_those_of_the_session(database: str) -> None:
    """The tests above changed settings for a moment; here they are as before."""
    assert get_settings().database_url == database
    assert get_settings().database_url_exchange is None
