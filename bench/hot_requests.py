"""What ``bench-hot`` sends, and how: the application, somebody who asks, a statement by hand."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hot_statements import LIST_BY_HAND, ONE_BY_HAND
from reads import LIST, ONE

__all__ = ["LIST", "ONE", "Asking", "bare", "by_hand", "request"]

Headers = list[tuple[bytes, bytes]]


@dataclass
class Asking:
    """A caseworker of the largest kommun, by token and by session, at the real application."""

    app: Any
    actor: Any
    department: str
    path: str
    case: str
    bearer: Headers
    session: Headers

    @classmethod
    def prepared(cls) -> Asking:
        """The application served once, so that the issuer's keys can be fetched, and a login."""
        import uvicorn

        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        os.environ["HEMVIST_BASE_URL"] = address
        from hemvist.settings import get_settings

        get_settings.cache_clear()
        from hemvist_infra.app import create_app

        app = create_app()
        config = uvicorn.Config(app, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        sockets = {"sockets": [listener]}
        threading.Thread(target=server.run, kwargs=sockets, daemon=True).start()
        while not server.started:
            time.sleep(0.01)
        made = cls._logged_in(app, address)
        server.should_exit = True
        return made

    @classmethod
    def _logged_in(cls, app: Any, address: str) -> Asking:
        import psycopg
        from sqlalchemy import select

        from hemvist.cases.models import Case
        from hemvist.db import Audience
        from hemvist.identity import get_directory
        from hemvist.identity.bearer import authenticate_bearer
        from hemvist.identity.models import Principal
        from hemvist.identity.sessions import cookie_name, open_session
        from hemvist.tenancy import tenant_session
        from hemvist_graphql.ids import global_id
        from hemvist_infra.dev_issuer.client import person_token

        with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as owner:
            owner.execute("SELECT 1")
        directory = get_directory()
        slug, username, department = _somebody(directory.slugs)
        actor = authenticate_bearer(slug, person_token(address, slug, username))
        tenant_id = directory.tenant_id(slug)
        # One that lasts as long as the benchmark: the issuer's own are good for ten minutes.
        with tenant_session(Audience.STAFF, tenant_id, actor.principal_id) as session:
            principal = session.find(Principal, actor.principal_id)
            from hemvist.identity.principals import refresh_memberships

            refresh_memberships(session, principal, actor.memberships, _long_ago())
            opened = open_session(session, slug, principal)
            case = session.scalars(select(Case.id).where(Case.department == department)).first()
        token = person_token(address, slug, username)
        host = (b"host", address.removeprefix("http://").encode())
        fixed = [host, (b"content-type", b"application/json"), (b"accept", b"*/*")]
        cookie = f"{cookie_name()}={opened.cookie}".encode()
        csrf = opened.session.csrf_token.encode()
        return cls(
            app,
            actor,
            department,
            f"/{slug}/graphql",
            global_id("Case", case),
            [*fixed, (b"authorization", b"Bearer " + token.encode())],
            [*fixed, (b"cookie", cookie), (b"x-csrf-token", csrf)],
        )


def _long_ago() -> Any:
    import datetime as dt

    return dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def _somebody(slugs: tuple[str, ...]) -> tuple[str, str, str]:
    from hemvist_infra.dev_issuer.people import people_of

    for slug in slugs:
        for username, person in people_of(slug).items():
            if any("caseworker-sof-vux" in group.lower() for group in person.groups):
                return slug, username, "SOF-VUX"
    raise LookupError("no caseworker")


async def request(
    app: Any, path: str, headers: Headers, document: str, variables: Mapping[str, Any]
) -> bytes:
    """One request as a server would hand it on; the body of the answer."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50000), "scheme": "http",
        "method": "POST", "root_path": "", "path": path, "raw_path": path.encode(),
        "query_string": b"", "state": {},
        "headers": [*headers, (b"content-length", str(len(body)).encode())],
    }  # fmt: skip
    given = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[bytes] = []

    async def receive() -> Any:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            sent.append(message["body"])

    await app(scope, receive, send)
    return b"".join(sent)


_BY_HAND = {"Q1": (b"cases", LIST_BY_HAND, "open"), "Q2": (b"case", ONE_BY_HAND, None)}


class by_hand:
    """A bare ASGI application that sends one statement's text as it is."""

    connection: Any = None

    def __init__(self, asking: Asking, name: str) -> None:
        self._asking, self._name = asking, name

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer whatever is asked."""
        await receive()
        said = await self._told()
        headers = [(b"content-type", b"application/json")]
        headers.append((b"content-length", str(len(said)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    async def _told(self) -> bytes:
        from psycopg import AsyncConnection, AsyncRawCursor

        from hemvist.db import Audience, audience_url
        from hemvist.ids import new_id
        from hemvist_graphql.ids import parse_global_id

        cls = type(self)
        if cls.connection is None:
            url = audience_url(Audience.STAFF).set(drivername="postgresql")
            cls.connection = await AsyncConnection.connect(
                url.render_as_string(hide_password=False), autocommit=True, options="-c jit=off"
            )
        actor = self._asking.actor
        what, statement, wanted = _BY_HAND[self._name]
        given: list[Any] = [str(actor.tenant_id), str(actor.principal_id)]
        given += [[self._asking.department], wanted or parse_global_id(self._asking.case)[1]]
        given += [new_id(), actor.principal_id, ["caseworker"]]
        async with AsyncRawCursor(cls.connection) as cursor:
            await cursor.execute(statement, given, prepare=True)
            row = await cursor.fetchone()
        return b'{"data":{"%s":%s}}' % (what, row[0].encode())

    @classmethod
    async def close(cls) -> None:
        """Give the connection back."""
        if cls.connection is not None:
            await cls.connection.close()


async def bare(
    app: Callable[..., Awaitable[None]], document: str, variables: Mapping[str, Any]
) -> bytes:
    """One request to the application written by hand."""
    return await request(app, "/", [(b"host", b"x")], document, variables)
