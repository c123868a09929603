"""Sessions: how long they live, what shuts them, and what a cookie is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import (
    AuthenticatedSession,
    LoginRefused,
    Membership,
    Role,
    authenticate_session,
    get_directory,
    require_csrf,
)
from hemvist.identity.models import LoginSession, Principal
from hemvist.identity.principals import refresh_memberships
from hemvist.identity.sessions import (
    IDLE,
    LONGEST,
    cookie_name,
    open_session,
    revoke_session,
    revoke_sessions_of,
)
from hemvist.tenancy import tenant_session
from hemvist_login import Served, base_url, session_cookie
from hemvist_tenants import login_tenants

SLUG = "helsingborg"


def opened(username: str = "gunilla.petrovic") -> tuple[str, AuthenticatedSession]:
    _, cookie, session = session_cookie(SLUG, username)
    return cookie, session


def age(session: AuthenticatedSession, by: timedelta, *, seen: timedelta | None = None) -> None:
    """Let the session have been opened ``by`` ago, and last used ``seen`` ago."""
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        row = database.find(LoginSession, session.session_id)
        now = real_now()
        row.created_at, row.ends_at = now - by, now - by + LONGEST
        row.last_seen_at = now - (by if seen is None else seen)
        row.idle_expires_at = min(row.last_seen_at + IDLE, row.ends_at)


def row_of(session: AuthenticatedSession) -> LoginSession:
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        return database.find(LoginSession, session.session_id)


def test_a_session_says_who_acts(platform: Served) -> None:
    cookie, session = opened()
    found = authenticate_session(cookie)
    assert found == session
    assert found.actor.name == "Gunilla Petrovic"
    assert found.actor.departments(Role.CASEWORKER) == {"VOF"}


def test_the_database_holds_no_secret(platform: Served) -> None:
    cookie, session = opened()
    secret = cookie.split(".")[2]
    row = row_of(session)
    assert secret.encode() not in row.secret_sha256
    assert secret not in repr(row.__dict__)


def test_an_idle_session_ends_after_an_hour(platform: Served) -> None:
    cookie, session = opened()
    age(session, timedelta(minutes=59))
    assert authenticate_session(cookie) is not None
    age(session, timedelta(minutes=60))
    assert authenticate_session(cookie) is None


def test_no_session_outlives_ten_hours_however_busy(platform: Served) -> None:
    cookie, session = opened()
    age(session, timedelta(hours=9, minutes=55), seen=timedelta(minutes=5))
    assert authenticate_session(cookie) is not None
    assert row_of(session).idle_expires_at == row_of(session).ends_at
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        row = database.find(LoginSession, session.session_id)
        row.ends_at, row.idle_expires_at = real_now(), real_now() + IDLE
    assert authenticate_session(cookie) is None


def test_use_is_written_down_at_most_each_minute(platform: Served) -> None:
    cookie, session = opened()
    age(session, timedelta(minutes=30), seen=timedelta(seconds=50))
    before = row_of(session).last_seen_at
    authenticate_session(cookie)
    assert row_of(session).last_seen_at == before
    age(session, timedelta(minutes=30), seen=timedelta(seconds=70))
    authenticate_session(cookie)
    assert real_now() - row_of(session).last_seen_at < timedelta(seconds=10)


def test_a_revoked_session_is_dead(platform: Served) -> None:
    cookie, session = opened()
    assert revoke_session(cookie) is not None
    assert authenticate_session(cookie) is None
    assert revoke_session(cookie) is None
    assert row_of(session).revoked_reason == "logout"


def test_every_session_of_a_person_can_be_shut(platform: Served) -> None:
    cookies = [opened("henrik.aberg")[0] for _ in range(3)]
    other, _ = opened("elin.karimi")
    actor = opened("henrik.aberg")[1].actor
    with tenant_session(Audience.STAFF, actor.tenant_id) as database:
        principal = database.find(Principal, actor.principal_id)
        shut = revoke_sessions_of(
            database,
            issuer=principal.issuer,
            principal_id=principal.id,
            reason="administrator",
        )
    assert shut >= 4
    assert [authenticate_session(cookie) for cookie in cookies] == [None] * 3
    assert authenticate_session(other) is not None


def test_a_membership_taken_away_is_gone_at_the_next_request(platform: Served) -> None:
    cookie, session = opened("fredrik.ostlund")
    kept = Membership(Role.CASEWORKER, "AMF")
    for memberships in ({kept, Membership(Role.DEPARTMENT_MANAGER, "AMF")}, {kept}):
        with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
            principal = database.find(Principal, session.actor.principal_id)
            refresh_memberships(database, principal, memberships, real_now())
        found = authenticate_session(cookie)
        assert found is not None and found.actor.memberships == memberships
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        principal = database.find(Principal, session.actor.principal_id)
        refresh_memberships(database, principal, (), real_now())
    assert authenticate_session(cookie) is None


def test_a_blocked_person_is_out_at_once(platform: Served) -> None:
    cookie, session = opened("jonas.wikander")
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        database.find(Principal, session.actor.principal_id).status = "blocked"
    assert authenticate_session(cookie) is None
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        database.find(Principal, session.actor.principal_id).status = "active"
    assert authenticate_session(cookie) is not None


def test_a_cookie_of_one_kommun_is_nothing_in_another(platform: Served) -> None:
    cookie, _ = opened()
    _, session_id, secret = cookie.split(".")
    assert authenticate_session(f"karlstad.{session_id}.{secret}") is None
    assert authenticate_session(f"atlantis.{session_id}.{secret}") is None


def test_only_the_whole_cookie_opens(platform: Served) -> None:
    cookie, _session = opened()
    slug, session_id, secret = cookie.split(".")
    _, other = opened()
    for wrong in (
        None,
        "",
        "..",
        slug,
        f"{slug}.{session_id}",
        f"{slug}.{session_id}.",
        f"{slug}.{session_id}.{secret[:-1]}",
        f"{slug}.{session_id}.{secret}x",
        f"{slug}.{session_id}.{secret}.x",
        f"{slug}.{other.session_id}.{secret}",
        f"{slug}.not-an-id.{secret}",
        f"{slug}.{session_id}.\udcff",
        "x" * 5000,
    ):
        assert authenticate_session(wrong) is None
    assert authenticate_session(cookie) is not None


def test_a_form_must_come_from_its_own_session(platform: Served) -> None:
    _, session = opened()
    _, other = opened()
    require_csrf(session, session.csrf_token)
    for wrong in (None, "", other.csrf_token, session.csrf_token + "x"):
        with pytest.raises(LoginRefused):
            require_csrf(session, wrong)


def test_two_sessions_share_nothing(platform: Served) -> None:
    actor = opened()[1].actor
    with tenant_session(Audience.STAFF, actor.tenant_id) as database:
        principal = database.find(Principal, actor.principal_id)
        one = open_session(database, SLUG, principal)
        two = open_session(database, SLUG, principal)
    assert not set(one.cookie.split(".")[1:]) & set(two.cookie.split(".")[1:])
    assert one.session.csrf_token != two.session.csrf_token


def test_the_cookie_is_bound_to_the_host_over_https() -> None:
    with base_url("https://hemvist.example"):
        assert cookie_name() == "__Host-hemvist_session"
    with base_url("http://127.0.0.1:8000"):
        assert cookie_name() == "hemvist_session"


def test_an_onboarded_kommun_is_found_and_no_other(platform: Served) -> None:
    assert get_directory().slugs == tuple(sorted(login_tenants()))
    with pytest.raises(LoginRefused):
        get_directory().tenant_id("atlantis")
