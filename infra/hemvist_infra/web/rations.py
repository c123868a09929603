"""How often one caller and one kommun may ask: beyond it 429, with when to ask again.

One kommun's load must not be another's trouble. A person or program has so many requests a minute, all
of a kommun together have so many, and beyond either the answer costs some microseconds here instead of
a place, a thread and a statement further in. Those who are within are let in by shares
(``hemvist.serving.Gate``).

A caller is known by what they come with (a session's cookie, a token), once a request with it has been
let in: it is the layers inside that tell who it was, so nobody can ask in another's name and use up
what is theirs. Who is not known yet is counted by address, and by no kommun; when it turns out inside
who it is, it is counted there as well, so that a new token for each request leads past nothing. All
counts are this process's own, as is what they guard (docs/decisions/0046).

Who is refused is refused outside of everything, log and telemetry too, but for once a second: that one
goes on to ``Refusing`` and is told of like any request. A program that does not wait asks hundreds of
times a second, and would else cost more by being refused than by being answered.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID, uuid4

from opentelemetry import metrics
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hemvist.identity.sessions import cookie_name
from hemvist.serving import ask_before_letting_in, caller_of, give_share
from hemvist.settings import Settings
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_graphql.allowance import Allowance
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.http import refusal
from hemvist_infra.web.answers import TOO_MANY, answer

#: Credentials that are remembered, the ones used last.
KNOWN = 20_000
#: Seconds for which they are: a session that has ended is nobody's, and uses up nothing of anybody's.
KNOWN_FOR = 300.0
#: All who are not known are of one share: however many they are, a quarter of the places is others'.
STRANGERS = "strangers"
#: Probes are few. By their whole address: the first part of any other may be said to be a kommun's.
_PROBES = frozenset({"/health/live", "/health/ready"})
#: The same for everybody, and from no database.
_FILES = "/static/portal/"
_API = ("/graphql", "/graphql/export")
#: Seconds in which one refusal to a caller is logged and measured. All are counted.
TELL_AFTER = 1.0
#: Callers whose last such refusal is remembered.
TOLD = 10_000

_refused = metrics.get_meter("hemvist.http").create_counter(
    "http.server.rationed",
    description="Requests beyond what their caller may send, by whose it was.",
)

#: Tenant and principal.
_Caller = tuple[UUID, UUID | None]


class Rations:
    """ASGI middleware around everything. ``headers`` are those of every answer
    (``edge.guarding_headers``); ``Refusing`` must stand further in."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        headers: Sequence[tuple[bytes, bytes]] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._headers = [*headers, (b"cache-control", b"no-store")]
        self._clock = clock
        self._people = Allowance(
            settings.person_requests_at_once, settings.person_requests_per_minute
        )
        self._kommuner = Allowance(
            settings.kommun_requests_at_once, settings.kommun_requests_per_minute
        )
        self._strangers = Allowance(
            settings.stranger_requests_at_once, settings.stranger_requests_per_minute
        )
        #: By digest of a credential: whose it is, and when it was last let in.
        self._known: OrderedDict[bytes, tuple[_Caller, float]] = OrderedDict()
        #: When each of those who are refused was last told so the long way.
        self._told: OrderedDict[Hashable, float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or say when to come again."""
        if scope["type"] != "http" or _is_free(scope["path"]):
            await self._app(scope, receive, send)
            return
        caller = self._caller(Headers(scope=scope))
        wait = self._asked_too_often(scope) if caller is None else self._take(caller)
        if wait:
            await self._refuse(caller or _address(scope), wait, scope, receive, send)
            return
        give_share(scope, STRANGERS if caller is None else _share(caller))
        taken_from = caller

        def admits(tenant_id: UUID, principal_id: UUID | None) -> bool:
            """Count the request as theirs who it is of, where it was not yet. From any thread."""
            nonlocal taken_from
            told = tenant_id, principal_id
            if told == taken_from:
                return True
            taken_from = told
            return not self._take(told)

        ask_before_letting_in(scope, admits)
        try:
            await self._app(scope, receive, send)
        finally:
            self._learn(scope)

    async def _refuse(
        self, caller: Hashable, wait: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        now = self._clock()
        if now - self._told.get(caller, -TELL_AFTER) >= TELL_AFTER:
            self._told[caller] = now
            self._told.move_to_end(caller)
            while len(self._told) > TOLD:
                self._told.popitem(last=False)
            scope.setdefault("state", {})["come_again"] = wait
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        response = _come_again(scope, wait, request_id)
        there = {name for name, _ in response.raw_headers}
        response.raw_headers.extend(one for one in self._headers if one[0] not in there)
        response.raw_headers.append((b"x-request-id", request_id.encode()))
        await response(scope, receive, send)

    def _caller(self, headers: Headers) -> _Caller | None:
        """Who it is, if any of what they come with has been let in before."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        cookies = cookie_parser(headers.get("cookie", "")) if "cookie" in headers else {}
        for credential in (
            token.strip() if scheme.lower() == "bearer" else "",
            cookies.get(cookie_name(), ""),
        ):
            found = self._known.get(_digest(credential)) if credential else None
            if found is not None and self._clock() - found[1] < KNOWN_FOR:
                return found[0]
        return None

    def _learn(self, scope: Scope) -> None:
        told = caller_of(scope)
        if told is not None:
            credential, tenant_id, principal_id = told
            key = _digest(credential)
            self._known[key] = (tenant_id, principal_id), self._clock()
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


class Refusing:
    """ASGI middleware inside edge and telemetry: answers those whom ``Rations`` lets no further."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on who has not been refused."""
        state = scope.get("state", {})
        wait = state.get("come_again")
        if wait is None:
            await self._app(scope, receive, send)
        else:
            request_id = str(state.get("request_id", ""))
            await _come_again(scope, wait, request_id)(scope, receive, send)


def _share(caller: _Caller) -> Hashable:
    """A kommun's people have one share; landlords' people, who are of no kommun, one each."""
    return caller if caller[0] == PLATFORM_TENANT else caller[0]


def _digest(credential: str) -> bytes:
    # Nothing that would open a session is kept here.
    return blake2b(credential.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _is_free(path: str) -> bool:
    return path in _PROBES or path.startswith(_FILES)


def _address(scope: Scope) -> str:
    """Where it comes from; of IPv6 the network that one subscriber has. What is no address is of all
    who have none together: a word that somebody may choose is no new caller."""
    return _network(str(scope["client"][0]) if scope.get("client") else "")


@lru_cache(maxsize=10_000)
def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        # A server that listens for both sees old addresses so: each is somebody's own.
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _come_again(scope: Scope, wait: int, request_id: str) -> Response:
    if scope["path"].endswith(_API):
        return _api_answer(wait)
    return answer(TOO_MANY, scope, request_id, {"Retry-After": str(wait)})


def _api_answer(wait: int) -> Response:
    body, status, headers, media_type = _api_words(wait)
    return Response(body, status, headers, media_type)


@lru_cache(maxsize=100)
def _api_words(wait: int) -> tuple[bytes, int, dict[str, str], str]:
    made = refusal(
        RequestFailed(
            Code.TOO_MANY_REQUESTS,
            "you, or all of your kommun together, ask more often than is taken:"
            " wait as long as Retry-After says",
            retryAfter=wait,
        )
    )
    headers = {
        name: value
        for name, value in made.headers.items()
        if name in ("cache-control", "retry-after")
    }
    return bytes(made.body), made.status_code, headers, made.media_type or ""
