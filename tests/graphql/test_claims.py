"""Who was looked up before is proved by the statement that reads for them, and by nothing less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import AuthenticatedSession, Membership, Role, standing
from hemvist.identity.models import LoginSession, Principal
from hemvist.identity.principals import refresh_memberships
from hemvist.identity.sessions import revoke_session
from hemvist.tenancy import tenant_session
from hemvist_api import served_api
from hemvist_infra.dev_issuer.client import person_token
from hemvist_login import Served, serve_login, session_cookie

SLUG = "helsingborg"
CASES = "{ cases(first: 5) { totalCount edges { node { number } } } }"
UNITS = "{ units(first: 5) { totalCount } }"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture(scope="module")
def client(platform: Served) -> Iterator[TestClient]:
    with served_api() as client:
        yield client


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often somebody was looked up since the last time."""
    seen: list[str] = []
    real = standing._row

    def counting(statement: str, given: Any) -> Any:
        seen.append(statement)
        return real(statement, given)

    monkeypatch.setattr(standing, "_row", counting)

    def count() -> int:
        found = len(seen)
        seen.clear()
        return found

    return count


class Portal:
    """A person's browser."""

    def __init__(self, client: TestClient, username: str) -> None:
        self._client = client
        self.name, self.cookie, self.session = session_cookie(SLUG, username)

    def post(self, document: str = CASES, csrf: str | None = None, cookie: str = "") -> Any:
        """The response to an operation."""
        return self._client.post(
            f"/{SLUG}/graphql",
            json={"query": document},
            headers={
                "Cookie": f"{self.name}={cookie or self.cookie}",
                "X-CSRF-Token": csrf or self.session.csrf_token,
            },
        )


@pytest.fixture
def portal(client: TestClient, looked_up: Callable[[], int]) -> Portal:
    """Somebody whom the second request finds remembered."""
    made = Portal(client, "aida.lindqvist")
    assert made.post().status_code == 200
    assert looked_up() == 1
    answer = made.post()
    assert answer.json()["data"]["cases"]["totalCount"] == 0
    assert answer.headers["cache-control"] == "no-store"
    assert looked_up() == 0
    return made


def row(session: AuthenticatedSession, change: Callable[[Any, Any], None]) -> None:
    """Change the session's row and its principal's."""
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        change(
            database.find(LoginSession, session.session_id),
            database.find(Principal, session.actor.principal_id),
        )


def test_a_session_that_was_shut_reads_nothing_more(portal: Portal) -> None:
    revoke_session(portal.cookie)
    assert portal.post().status_code == 401


@pytest.mark.parametrize("until", ["idle_expires_at", "ends_at"])
def test_a_session_that_has_ended_reads_nothing_more(portal: Portal, until: str) -> None:
    row(portal.session, lambda session, _: setattr(session, until, real_now()))
    assert portal.post().status_code == 401


def test_another_secret_in_the_row_shuts_the_session(portal: Portal) -> None:
    row(portal.session, lambda session, _: setattr(session, "secret_sha256", b"x" * 32))
    assert portal.post().status_code == 401


def test_a_blocked_person_reads_nothing_more(portal: Portal) -> None:
    row(portal.session, lambda _, who: setattr(who, "status", "blocked"))
    try:
        assert portal.post().status_code == 401
    finally:
        row(portal.session, lambda _, who: setattr(who, "status", "active"))


def test_a_role_taken_away_is_gone_at_the_next_request(
    portal: Portal, looked_up: Callable[[], int]
) -> None:
    actor = portal.session.actor
    held = (actor.memberships, {Membership(Role.STEERING)}, actor.memberships)
    codes = []
    for memberships in held:
        with tenant_session(Audience.STAFF, actor.tenant_id) as database:
            principal = database.find(Principal, actor.principal_id)
            # As if at the same instant: the memberships themselves are what is proved.
            refreshed = principal.memberships_refreshed_at
            refresh_memberships(database, principal, memberships, refreshed or real_now())
        errors = portal.post().json().get("errors", [])
        codes.append([error["extensions"]["code"] for error in errors])
    assert codes == [[], ["NOT_ALLOWED"], []]
    assert looked_up() == 2


def test_the_forms_token_and_the_whole_cookie_are_still_needed(portal: Portal) -> None:
    assert portal.post(csrf="guessed").status_code == 403
    slug, session_id, _ = portal.cookie.split(".")
    assert portal.post(cookie=f"{slug}.{session_id}.{'x' * 43}").status_code == 401
    assert portal.post(cookie=portal.cookie.replace(SLUG, "karlstad")).status_code == 401
    assert portal.post().status_code == 200


def test_use_is_written_down_by_a_look_up(portal: Portal, looked_up: Callable[[], int]) -> None:
    long_ago = real_now() - timedelta(seconds=70)
    row(portal.session, lambda session, _: setattr(session, "last_seen_at", long_ago))
    key = (portal.session.actor.tenant_id, portal.session.session_id)
    standing._sessions.drop(key)
    for expected in (1, 1, 0):
        assert portal.post().status_code == 200
        assert looked_up() == expected
    seen: list[Any] = []
    row(portal.session, lambda session, _: seen.append(session.last_seen_at))
    assert real_now() - seen[0] < timedelta(seconds=20)


def test_what_is_no_planned_read_is_by_somebody_looked_up(
    portal: Portal, looked_up: Callable[[], int]
) -> None:
    for document in ("{ __typename }", "{ me { name } __schema { description } }", "{ nonsense }"):
        for _ in range(2):
            portal.post(document)
            assert looked_up() == 1


def test_a_token_is_proved_too(
    platform: Served, client: TestClient, looked_up: Callable[[], int]
) -> None:
    token = person_token(platform.address, SLUG, "ingrid.falk")

    def post() -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return client.post(f"/{SLUG}/graphql", json={"query": UNITS}, headers=headers)

    for known in (False, True, True):
        assert post().status_code == 200
        assert (looked_up() == 0) is known
    person = Portal(client, "ingrid.falk").session
    row(person, lambda _, who: setattr(who, "status", "blocked"))
    try:
        assert post().status_code == 403
    finally:
        row(person, lambda _, who: setattr(who, "status", "active"))
    assert post().status_code == 200
