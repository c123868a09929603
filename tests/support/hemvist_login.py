"""A served platform to log in to: login routes and development issuer over real HTTP.

``serve_login`` onboards the demo kommuner on the session's database and serves on a free port.
``session_cookie`` opens a session for a demo person without the round trip, for tests whose subject
is not the login.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy import create_engine, update

from hemvist.clock import real_now
from hemvist.db import Audience, owner_url
from hemvist.identity import AuthenticatedSession, get_directory, use_directory
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.identity.provider import forget_providers
from hemvist.identity.sessions import cookie_name, open_session
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, tenant_session
from hemvist_infra.dev_issuer import MOUNT_PATH, dev_issuer_app
from hemvist_infra.dev_issuer.people import people_of
from hemvist_infra.dev_issuer.tenant_issuer import TenantIssuer
from hemvist_infra.onboarding import onboard_all
from hemvist_infra.web.auth import auth_router
from hemvist_tenants import (
    TenantConfig,
    directory_of,
    load_tenants,
    login_tenants,
    onboard,
)

#: The people of tests were looked up long ago: how old a check may be is tested by itself.
TRUSTED = 36_500


@contextmanager
def served(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """``app`` behind a real server on ``listener`` for as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > limit or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def free_listener() -> tuple[socket.socket, str]:
    """A socket on a free port, and the address that it makes."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def port_for_later() -> int:
    """A port for a server that is started afterwards.

    Not one that the system hands out by itself: a neighbour's connection could be given the same
    one meanwhile.
    """
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def base_url(address: str) -> Iterator[str]:
    """The platform believes itself to be at ``address`` for as long as the block lasts."""
    before = os.environ.get("HEMVIST_BASE_URL")
    os.environ["HEMVIST_BASE_URL"] = address
    get_settings.cache_clear()
    forget_providers()
    try:
        yield address
    finally:
        if before is None:
            del os.environ["HEMVIST_BASE_URL"]
        else:
            os.environ["HEMVIST_BASE_URL"] = before
        get_settings.cache_clear()
        forget_providers()


def onboard_demo() -> dict[str, TenantConfig]:
    """The demo kommuner in the session's database and in the login directory."""
    tenants = load_tenants()
    owner = create_engine(owner_url())
    with owner.begin() as connection:
        for tenant in tenants.values():
            onboard(connection, replace(tenant, protection_days=TRUSTED))
    owner.dispose()
    logins = login_tenants()
    use_directory(directory_of(logins))
    return logins


def onboard_working() -> None:
    """Every kommun with its guidelines, as ``hemvist tenant onboard`` enters them; old checks are
    relied on, since pages and journeys have people who were looked up long ago."""
    onboard_all()
    owner = create_engine(owner_url())
    with owner.begin() as connection:
        connection.execute(update(Tenant).values(protection_days=TRUSTED))
    owner.dispose()


@dataclass(frozen=True)
class Served:
    """Where the login is, and its issuers by slug: they sign whatever a test wants signed."""

    address: str
    issuers: dict[str, TenantIssuer]


@contextmanager
def serve_login(*routers: APIRouter) -> Iterator[Served]:
    """The demo kommuner's login, served, and ``routers`` beside it. Needs the fixture ``database``."""
    listener, address = free_listener()
    with base_url(address), tempfile.TemporaryDirectory() as folder:
        tenants = onboard_demo()
        app = FastAPI()
        issuer_app = dev_issuer_app(address, Path(folder), tenants)
        app.mount(MOUNT_PATH, issuer_app)
        for router in (auth_router(), *routers):
            app.include_router(router)
        with served(app, listener):
            yield Served(address, issuer_app.state.issuers)


def browser(address: str) -> httpx2.Client:
    """A client that keeps cookies and follows no redirect by itself."""
    return httpx2.Client(base_url=address, follow_redirects=False, trust_env=False, timeout=30)


def session_cookie(slug: str, username: str) -> tuple[str, str, AuthenticatedSession]:
    """Name and value of a cookie by which the demo person is logged in, and the session.

    Needs ``onboard_demo`` (or a served platform) before.
    """
    config = get_directory().issuer(slug)
    person = people_of(slug)[username]
    tenant_id = get_directory().tenant_id(slug)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        principal = known_principal(
            session,
            issuer=config.issuer,
            subject=person.subject,
            kind="person",
            name=person.name,
        )
        earned = config.memberships({"groups": list(person.groups)})
        refresh_memberships(session, principal, earned, real_now())
        opened = open_session(session, slug, principal)
    return cookie_name(), opened.cookie, opened.session
