"""How often one caller and one kommun may ask: beyond it 429, with when to ask again.

One kommun's load must not be another's trouble. A person or program has so many requests a minute, all
of a kommun together have so many, and beyond either the answer costs some microseconds here instead of
a place, a thread and a statement further in. Those who are within are let in by shares
(``hemvist.serving.Gate``).

A caller is known by what they come with (a session's cookie, a token), once a request with it has been
let in: it is the layers inside that tell who it was, so nobody can ask in another's name and use up
what is theirs. Who is not known yet is counted by address, and by no kommun. All counts are this
process's own, as is what they guard (docs/decisions/0046).
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Hashable
from hashlib import blake2b
from uuid import UUID

from opentelemetry import metrics
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hemvist.identity.sessions import cookie_name
from hemvist.serving import caller_of, give_share
from hemvist.settings import Settings
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_graphql.allowance import Allowance
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.http import refusal
from hemvist_infra.web.answers import TOO_MANY, answer

#: Credentials that are remembered, the ones used last.
KNOWN = 20_000
#: Probes are few, and files of the portal are the same for everybody.
_FREE = ("/health/", "/static/")
_API = ("/graphql", "/graphql/export")

_refused = metrics.get_meter("hemvist.http").create_counter(
    "http.server.rationed",
    description="Requests beyond what their caller may send, by whose it was.",
)

#: Tenant and principal.
_Caller = tuple[UUID, UUID | None]


class Rations:
    """ASGI middleware inside the edge, outside of everything that costs something."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._people = Allowance(
            settings.person_requests_at_once, settings.person_requests_per_minute
        )
        self._kommuner = Allowance(
            settings.kommun_requests_at_once, settings.kommun_requests_per_minute
        )
        self._strangers = Allowance(
            settings.stranger_requests_at_once, settings.stranger_requests_per_minute
        )
        self._known: OrderedDict[bytes, _Caller] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or say when to come again."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        caller = self._caller(Headers(scope=scope))
        wait = self._asked_too_often(scope) if caller is None else self._take(caller)
        if wait:
            await _come_again(scope, wait)(scope, receive, send)
            return
        if caller is not None:
            give_share(scope, _share(caller))
        try:
            await self._app(scope, receive, send)
        finally:
            self._learn(scope)

    def _caller(self, headers: Headers) -> _Caller | None:
        """Who it is, if any of what they come with has been let in before."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        cookies = cookie_parser(headers.get("cookie", "")) if "cookie" in headers else {}
        for credential in (
            token.strip() if scheme.lower() == "bearer" else "",
            cookies.get(cookie_name(), ""),
        ):
            found = self._known.get(_digest(credential)) if credential else None
            if found is not None:
                return found
        return None

    def _learn(self, scope: Scope) -> None:
        told = caller_of(scope)
        if told is not None:
            credential, tenant_id, principal_id = told
            key = _digest(credential)
            self._known[key] = (tenant_id, principal_id)
            self._known.move_to_end(key)
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)

    def _take(self, caller: _Caller) -> int:
        wait = self._people.take(caller)
        if wait:
            _refused.add(1, {"of": "person"})
            return wait
        if caller[0] != PLATFORM_TENANT:
            wait = self._kommuner.take(caller[0])
            if wait:
                _refused.add(1, {"of": "kommun"})
        return wait

    def _asked_too_often(self, scope: Scope) -> int:
        wait = self._strangers.take(_address(scope))
        if wait:
            _refused.add(1, {"of": "stranger"})
        return wait


def _share(caller: _Caller) -> Hashable:
    """A kommun's people have one share; landlords' people, who are of no kommun, one each."""
    return caller if caller[0] == PLATFORM_TENANT else caller[0]


def _digest(credential: str) -> bytes:
    # Nothing that would open a session is kept here.
    return blake2b(credential.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _address(scope: Scope) -> str:
    """Where it comes from; of IPv6 the network that one subscriber has."""
    host = str(scope["client"][0]) if scope.get("client") else ""
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        # A server that listens for both sees old addresses so: each is somebody's own.
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _come_again(scope: Scope, wait: int) -> Response:
    if scope["path"].endswith(_API):
        return refusal(
            RequestFailed(
                Code.TOO_MANY_REQUESTS,
                "you, or all of your kommun together, ask more often than is taken:"
                " wait as long as Retry-After says",
                retryAfter=wait,
            )
        )
    request_id = str(scope.get("state", {}).get("request_id", ""))
    return answer(TOO_MANY, scope, request_id, {"Retry-After": str(wait)})
