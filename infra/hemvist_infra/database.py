"""Makes a database ready: roles with no more than they need, then tables, policies and grants."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from hemvist.db import Audience, audience_password, normalise, owner_url, time_limits
from hemvist.errors import HemvistError
from hemvist.landlords.views import VIEWS_ROLE
from hemvist.settings import MissingSetting, get_settings

#: Owns every table and logs in nowhere: only a migration becomes it, by SET ROLE.
OWNER_ROLE = "hemvist_owner"
#: Two migrations at a time would race for the version row; the second waits this long.
_WAIT_FOR_OTHER = "60s"
#: A migration that waits for a lock holds up everybody behind it: better to fail and try again.
_LOCK_TIMEOUT = "5s"
_ROLE_ATTEMPTS = 20
#: Who reads in statements that are no transaction.
_READERS = (Audience.STAFF, Audience.LANDLORD)
#: The first version in which a grant of a role says whether it is inherited.
_GRANTS_SAY_HOW = 160_000
_STATEMENT_TIMEOUT = "15min"


def prepare_roles(url: str) -> None:
    """Make the owner role and the audiences' login roles where missing, and set their passwords.

    ``url`` is an administrator's connection: a role with CREATEROLE that owns the database,
    or a superuser. Raises ``HemvistError`` with one line when it may not do this.
    """
    with _plain_connection(url) as connection:
        try:
            connection.execute(f"SET lock_timeout = '{_WAIT_FOR_OTHER}'")
            connection.execute("SELECT pg_advisory_lock(hashtext('hemvist roles'))")
            _make_roles(connection)
            # Trusted, so that the database's owner may: the owner role of the tables may not.
            connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public")
        except psycopg.errors.LockNotAvailable:
            raise HemvistError(
                "another process is making the database's roles and does not end: try again"
            ) from None
        except psycopg.errors.InsufficientPrivilege as refused:
            raise HemvistError(
                f"the database user {connection.info.user!r} may not make or change roles"
                f" ({refused.diag.message_primary}): give it CREATEROLE and the ownership of"
                f" database {connection.info.dbname!r}"
            ) from None


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Bring the database at ``url`` (else HEMVIST_DATABASE_URL) to ``revision``; the roles first.

    For a database that no other version serves: a first start, a test, a service that is stopped. Beside
    one that serves it is ``hemvist_infra.upgrades``.

    Raises ``HemvistError`` with one line when no address is set, when the user may not, or when
    another migration does not end.
    """
    from hemvist_infra.upgrades import run

    run(url or administrator_url(), revision)


def is_spread(connection: Connection) -> bool:
    """Whether Citus has spread any table of this database."""
    if connection.scalar(text("SELECT to_regclass('pg_dist_partition')")) is None:
        return False
    return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM pg_dist_partition)")))


def administrator_url() -> str:
    """HEMVIST_DATABASE_URL. Raises ``HemvistError`` when it is not set."""
    try:
        return owner_url().render_as_string(hide_password=False)
    except MissingSetting as unset:
        raise HemvistError(str(unset)) from None


@contextmanager
def migrating_connection(url: str) -> Iterator[Connection]:
    """A connection as the owner role that alone may migrate until it is closed."""
    engine = create_engine(normalise(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET lock_timeout = '{_WAIT_FOR_OTHER}'"))
            connection.execute(text("SELECT pg_advisory_lock(hashtext('hemvist migration'))"))
            connection.execute(text(f"SET ROLE {OWNER_ROLE}"))
            connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'"))
            connection.commit()
            yield connection
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise HemvistError(
                "the database is busy (another migration, or a long transaction): try again"
            ) from None
        raise HemvistError(_one_line(error)) from None
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration: the scripts inside the package, over ``connection``."""
    config = Config()
    config.set_main_option("script_location", "hemvist:migrations")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@cache
def head_revision() -> str:
    """The last migration that this version of the code has."""
    config = Config()
    config.set_main_option("script_location", "hemvist:migrations")
    return str(ScriptDirectory.from_config(config).get_current_head())


@contextmanager
def _plain_connection(url: str) -> Iterator[psycopg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(plain, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise HemvistError(str(error).strip().splitlines()[0]) from None
    with connection:
        yield connection


def _make_roles(connection: psycopg.Connection) -> None:
    """Roles belong to the whole server and an advisory lock to one of its databases.

    So a process beside us in another database can change the same role in the same moment, and
    PostgreSQL then refuses one of the two. Every step may be taken again.
    """
    for left in reversed(range(_ROLE_ATTEMPTS)):
        try:
            for role in (OWNER_ROLE, VIEWS_ROLE):
                _make_owner(connection, role)
            for audience in Audience:
                _make_audience(connection, audience)
                _limit_pooled(connection, audience)
            _grant_access(connection)
        except (
            psycopg.errors.InternalError_,  # "tuple concurrently updated"
            psycopg.errors.UniqueViolation,
            psycopg.errors.DuplicateObject,
        ):
            if not left:
                raise
            time.sleep(random.uniform(0.05, 0.3))  # noqa: S311 - apart, not secret
        else:
            return


def _attributes(connection: psycopg.Connection, role: str) -> tuple[bool, bool] | None:
    return connection.execute(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()


def _make_owner(connection: psycopg.Connection, role: str) -> None:
    """A role that owns and logs in nowhere; the administrator may become it."""
    if _attributes(connection, role) is None:
        connection.execute(
            sql.SQL(
                "CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB"
            ).format(sql.Identifier(role))
        )
    _refuse_powers(connection, role)
    if connection.info.user == role:
        return
    member = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role]).fetchone()
    superuser = connection.execute("SELECT current_setting('is_superuser')").fetchone()
    # A creator has ADMIN on the role but (from PostgreSQL 16) not yet the right to become it.
    if superuser == ("off",) or member != (True,):
        # The tables' owner is what an administrator works as; policies of the views' owner are not
        # to bind (nor its grants to help) whoever may make views.
        only_become = role == VIEWS_ROLE and connection.info.server_version >= _GRANTS_SAY_HOW
        how = sql.SQL(" WITH INHERIT FALSE, SET TRUE" if only_become else "")
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER{}").format(sql.Identifier(role), how))


def _make_audience(connection: psycopg.Connection, audience: Audience) -> None:
    role = sql.Identifier(audience.value)
    if _attributes(connection, audience.value) is None:
        connection.execute(
            sql.SQL(
                "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOINHERIT"
            ).format(role)
        )
    _refuse_powers(connection, audience.value)
    password = _password(audience)
    if password is not None:
        # Only the verifier travels, so that no server log can hold the password.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), audience.value.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(verifier)))


def _limit_pooled(connection: psycopg.Connection, audience: Audience) -> None:
    """Behind a pooler connections begin with no settings: what asks without a transaction has its limits
    from its role, in this database."""
    if not get_settings().database_pooled:
        return
    reads = audience in _READERS
    wanted = {"statement_timeout": f"{time_limits(audience, reading=reads).statement}ms"}
    if reads:
        wanted["jit"] = "off"
    for name, value in wanted.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(audience.value),
                sql.Identifier(connection.info.dbname),
                sql.Identifier(name),
                sql.Literal(value),
            )
        )


def _password(audience: Audience) -> str | None:
    """The one in the audience's own address if it has an address, else the derived one."""
    own = getattr(get_settings(), f"database_url_{audience.short}")
    return make_url(own).password if own is not None else audience_password(audience)


def _refuse_powers(connection: psycopg.Connection, role: str) -> None:
    found = _attributes(connection, role)
    if found is not None and any(found):
        raise HemvistError(
            f"the role {role!r} is a superuser or bypasses row security: it must do neither"
        )


def _grant_access(connection: psycopg.Connection) -> None:
    audiences = sql.SQL(", ").join(sql.Identifier(audience.value) for audience in Audience)
    owner, views = sql.Identifier(OWNER_ROLE), sql.Identifier(VIEWS_ROLE)
    database = sql.Identifier(connection.info.dbname)
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {owner}, {audiences}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {audiences}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {owner}, {views}",
    ):
        connection.execute(
            sql.SQL(statement).format(
                database=database, owner=owner, views=views, audiences=audiences
            )
        )


def _one_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
