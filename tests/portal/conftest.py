"""The portal behind a test client, and people who are logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

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
def stranger(portal: FastAPI) -> TestClient:
    """Nobody in particular."""
    return TestClient(portal, follow_redirects=False)
