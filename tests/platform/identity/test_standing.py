"""The one statement that says how somebody stands: what it reads, and a connection that has died."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
import pytest

from hemvist.db import Audience, reading_connection
from hemvist.identity import authenticate_session, get_directory
from hemvist.identity.standing import by_session, by_subject
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist_login import Served, session_cookie

SLUG = "helsingborg"


def test_nobody_is_found_where_there_is_nobody(platform: Served) -> None:
    tenant_id = get_directory().tenant_id(SLUG)
    assert by_session(tenant_id, new_id()) is None
    assert by_subject(tenant_id, "https://nobody.example", "nobody") is None


def test_a_session_is_found_in_its_own_kommun_alone(platform: Served) -> None:
    _, _, session = session_cookie(SLUG, "elin.karimi")
    found = by_session(get_directory().tenant_id(SLUG), session.session_id)
    assert found is not None
    assert found.principal_id == session.actor.principal_id
    assert found.memberships == session.actor.memberships
    assert by_session(get_directory().tenant_id("karlstad"), session.session_id) is None


def test_the_tenant_does_not_stay_on_the_connection(platform: Served) -> None:
    _, _, session = session_cookie(SLUG, "elin.karimi")
    by_session(session.actor.tenant_id, session.session_id)
    with reading_connection(Audience.STAFF) as connection:
        row = connection.execute("SELECT current_setting('hemvist.tenant_id', true)").fetchone()
        seen = connection.execute("SELECT count(*) FROM login_sessions").fetchone()
    assert row is not None and not row[0]
    assert seen == (0,)


def test_a_connection_that_died_in_its_pool_keeps_nobody_out(
    platform: Served, postgres: str, database: str
) -> None:
    _, cookie, session = session_cookie(SLUG, "elin.karimi")
    assert authenticate_session(cookie) == session
    with psycopg.connect(postgres, autocommit=True) as superuser:
        ended = superuser.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name LIKE 'hemvist_staff%%'",
            (urlsplit(database).path.removeprefix("/"),),
        ).fetchall()
    assert ended
    assert authenticate_session(cookie) == session
    assert authenticate_session(cookie) == session


def test_on_many_machines_everybody_stands_the_same(
    platform: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the transaction sets the tenant, and each table is compared with its value (0052)."""
    _, _, session = session_cookie(SLUG, "elin.karimi")
    tenant_id = get_directory().tenant_id(SLUG)
    alone = by_session(tenant_id, session.session_id)
    monkeypatch.setattr(get_settings(), "database_distributed", True)
    assert alone is not None and by_session(tenant_id, session.session_id) == alone
    assert by_session(get_directory().tenant_id("karlstad"), session.session_id) is None
    assert by_subject(tenant_id, "https://nobody.example", "nobody") is None
    with reading_connection(Audience.STAFF) as connection:
        seen = connection.execute("SELECT count(*) FROM login_sessions").fetchone()
    assert seen == (0,)
