"""The portal behind a test client, and people who are logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Membership, get_directory
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.identity.sessions import cookie_name, open_session
from hemvist.tenancy import tenant_session
from hemvist_login import onboard_working, session_cookie
from hemvist_portal.app import router
from hemvist_visits import Visit


@pytest.fixture(scope="module")
def portal(database: str) -> FastAPI:
    """The portal's own routes over the module's database."""
    from hemvist.identity import use_directory
    from hemvist_tenants import directory_of, login_tenants

    onboard_working()
    use_directory(directory_of(login_tenants()))
    app = FastAPI()
    app.include_router(router)
    return app


@pytest.fixture
def visit(portal: FastAPI) -> Callable[..., Visit]:
    """Logs a demo person in: ``visit("aida.lindqvist")``."""

    def log_in(username: str, slug: str = "helsingborg") -> Visit:
        name, cookie, session = session_cookie(slug, username)
        client = TestClient(portal, follow_redirects=False, cookies={name: cookie})
        return Visit(client, session.csrf_token)

    return log_in


@pytest.fixture
def somebody(portal: FastAPI) -> Callable[..., Visit]:
    """Logs a person in who holds these roles in Helsingborg."""

    def log_in(name: str, *held: Membership) -> Visit:
        slug = "helsingborg"
        with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
            principal = known_principal(
                session,
                issuer=get_directory().issuer(slug).issuer,
                subject=name,
                kind="person",
                name=name,
            )
            refresh_memberships(session, principal, list(held), real_now())
            opened = open_session(session, slug, principal)
        client = TestClient(portal, follow_redirects=False, cookies={cookie_name(): opened.cookie})
        return Visit(client, opened.session.csrf_token)

    return log_in


@pytest.fixture
def stranger(portal: FastAPI) -> TestClient:
    """Nobody in particular."""
    return TestClient(portal, follow_redirects=False)
