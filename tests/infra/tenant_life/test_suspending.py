"""A suspended kommun: nobody gets in by any way, its data stay, and resumed it is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import create_engine, select, text

from hemvist.db import owner_url
from hemvist.identity import LoginRefused, Refusal, authenticate_bearer, authenticate_session
from hemvist.identity.sessions import claimed_session
from hemvist.tenancy import Tenant
from hemvist_browser import serve_platform
from hemvist_infra.dev_issuer.client import person_token
from hemvist_infra.onboarding import set_status
from hemvist_login import browser, session_cookie
from hemvist_workers import tasks

SLUG = "karlstad"


@pytest.fixture(scope="module")
def address(database: str, valkey: str) -> Iterator[str]:
    """Where the platform is served."""
    with serve_platform() as found:
        yield found


@pytest.fixture
def person(address: str) -> str:
    """Somebody of the kommun by username."""
    from hemvist_infra.dev_issuer.people import people_of

    return next(name for name, one in people_of(SLUG).items() if "hv-caseworker-asf" in one.groups)


@pytest.fixture
def suspended(address: str) -> Iterator[None]:
    """The kommun is suspended meanwhile."""
    yield
    set_status(SLUG, "active")


def asked(address: str, **headers: str) -> httpx2.Response:
    """A planned read over the API."""
    with browser(address) as client:
        return client.post(f"/{SLUG}/graphql", json={"query": "{ me { name } }"}, headers=headers)


def rows_of_kommun() -> dict[str, int]:
    """How many rows of the kommun each table has."""
    engine = create_engine(owner_url())
    with engine.begin() as connection:
        tenant = connection.scalar(select(Tenant.id).where(Tenant.slug == SLUG))
        connection.execute(text(f"SET LOCAL hemvist.tenant_id = '{tenant}'"))
        counted = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("principals", "memberships", "login_sessions", "pack_adoptions")
        }
    engine.dispose()
    return counted


def test_nobody_gets_in_and_everything_is_there_afterwards(
    address: str, person: str, suspended: None
) -> None:
    name, cookie, _ = session_cookie(SLUG, person)
    token = person_token(address, SLUG, person)
    assert authenticate_session(cookie) is not None
    assert claimed_session(cookie) is not None
    assert authenticate_bearer(SLUG, token).name
    with browser(address) as client:
        client.cookies.set(name, cookie)
        assert client.get(f"/{SLUG}/today").status_code == 200
        before = rows_of_kommun()

        set_status(SLUG, "suspended")
        assert authenticate_session(cookie) is None
        with pytest.raises(LoginRefused) as refused:
            authenticate_bearer(SLUG, token)
        assert refused.value.code is Refusal.TENANT_NOT_OPEN
        sent = client.get(f"/{SLUG}/today")
        assert sent.status_code == 303
        shut = client.get(sent.headers["location"])
        assert shut.status_code == 403
        assert "Ingenting är borttaget" in shut.text
        assert rows_of_kommun() == before

        set_status(SLUG, "active")
        assert client.get(f"/{SLUG}/today").status_code == 200
    assert authenticate_bearer(SLUG, token).name


def test_a_read_that_was_planned_before_proves_it_too(
    address: str, person: str, suspended: None
) -> None:
    token = person_token(address, SLUG, person)
    headers = {"Authorization": f"Bearer {token}"}
    for _ in range(3):
        answer = asked(address, **headers)
        assert answer.json()["data"]["me"]["name"], answer.text
    set_status(SLUG, "suspended")
    answer = asked(address, **headers)
    assert answer.status_code in (401, 403), answer.text


def test_workers_pass_it_by(address: str, suspended: None) -> None:
    met: list[UUID] = []
    tasks._in_every_tenant("test", met.append)
    everybody = len(met)
    set_status(SLUG, "suspended")
    met.clear()
    tasks._in_every_tenant("test", met.append)
    assert len(met) == everybody - 1
