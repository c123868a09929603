"""The web's edges attacked: other methods, addresses that there are not, bodies without an announced end,
and asking more often than one may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.testclient import TestClient

from hemvist_attack import Tally
from hemvist_attack_web import PUBLIC, SLUG, Caller, Place, ask, sound
from hemvist_infra.web.edge import PHOTO_LIMIT

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
#: Words by which some servers let a form speak for another method.
_OVERRIDES = {
    "x-http-method-override": "DELETE",
    "x-http-method": "PUT",
    "x-method-override": "PATCH",
}
#: Files and pages that somebody looks for in everybody's server.
_ELSEWHERE = (
    *("/.env", "/.git/config", "/docs", "/redoc", "/openapi.json", "/metrics", "/admin", "/debug"),
    *("/robots.txt", "/server-status", "/health", "/health/x", "/health/graphql", "/static/x"),
    *(
        "/static/portal/../../app.py",
        "/static/portal/%2e%2e/%2e%2e/app.py",
        "/static/portal//etc/passwd",
    ),
    *("//evil.example/%2e%2e", "/%5cevil.example", "/helsingborg/.env", "/helsingborg/graphiql"),
    *("/helsingborg/%00", "/HELSINGBORG/cases", "/helsingborg/cases/", "/helsingborg//cases"),
    *("/hyresvard/../helsingborg/cases", "/" + "a" * 4_000, "/" + "a/" * 400, "/{slug}/cases"),
)
_CHUNK = b"x" * 100_000


def attack_methods(tally: Tally, client: TestClient, places: Sequence[Place], who: Caller) -> None:
    """Every address by every method that it does not have: refused, by nobody's and by somebody's name.

    ``HEAD`` tells no more than the ``GET`` that it stands for does.
    """
    by_path: dict[str, list[Place]] = {}
    for place in places:
        by_path.setdefault(place.path, []).append(place)
    for path, there in by_path.items():
        had = {place.method for place in there}
        for method in METHODS:
            if method in had or (method == "HEAD" and "GET" in had):
                continue
            place = Place(method, path)
            tally.strike("methods", str(place))
            for caller in (Caller("nobody"), who):
                tally.tried()
                answer = client.request(
                    method, place.address(), headers={"accept": "text/html", **caller.headers}
                )
                sound(tally, place, "a method that there is not", answer)
                if answer.status_code not in (400, 401, 403, 404, 405) and not _to_log_in(answer):
                    tally.find(f"{place} answers {caller.name} with {answer.status_code}")
        if "GET" in had and f"GET {path}" not in PUBLIC:
            place = there[0]
            tally.strike("methods", f"HEAD {path}")
            answer = client.head(place.address(), headers={"accept": "text/html"})
            if answer.status_code < 400 and not _to_log_in(answer):
                tally.find(f"HEAD {path} answers nobody with {answer.status_code}")
        if "GET" in had:
            place = next(one for one in there if one.method == "GET")
            plain = ask(client, place, who, place.address())
            spoken = ask(client, place, who, place.address(), headers=_OVERRIDES)
            tally.strike("methods", f"overridden {path}")
            if spoken.status_code != plain.status_code:
                tally.find(f"GET {path} listens to another method in its headers")


def _to_log_in(answer: Any) -> bool:
    return answer.status_code == 303 and "/login" in answer.headers.get("location", "")


def attack_elsewhere(tally: Tally, client: TestClient, callers: Sequence[Caller]) -> None:
    """Addresses that there are not: nothing is there, and what is said has every header."""
    for address in _ELSEWHERE:
        tally.strike("addresses of nothing", address)
        for who in callers:
            tally.tried()
            for method in ("GET", "POST"):
                place = Place(method, address)
                answer = client.request(
                    method, address, headers={"accept": "text/html", **who.headers}
                )
                sound(tally, place, "nothing is there", answer)
                if answer.status_code not in (400, 401, 403, 404, 405, 414, 422) and not (
                    answer.status_code in (303, 307)
                    and answer.headers["location"].startswith(("/", "https://hemvist.example/"))
                ):
                    tally.find(f"{method} {address[:60]} answers {answer.status_code}")


def attack_streams(
    tally: Tally, client: TestClient, app: Any, places: Sequence[Place], who: Caller
) -> None:
    """Every place that takes a body, sent one that says nothing of its length and does not end: no
    more of it is taken than a body may have."""
    portal = client.portal
    assert portal is not None
    for place in places:
        if place.method == "GET":
            continue
        for kind, begin in _KINDS.items():
            tally.strike("bodies without an end", str(place))
            taken, status = portal.call(_streamed, app, place, who, kind, begin)
            if taken > PHOTO_LIMIT + 2 * len(_CHUNK):
                tally.find(f"{place} takes {taken // 1_000_000} MB of a body without an end")
            if status >= 500:
                tally.find(f"{place} answers {status} to a body without an end")


#: How such a body begins, by what it says it is.
_KINDS = {
    "application/x-www-form-urlencoded": b"csrf=",
    "multipart/form-data; boundary=b": (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    ),
    "application/json": b'{"query": "',
}


async def _streamed(
    app: Any, place: Place, who: Caller, kind: str, begin: bytes
) -> tuple[int, int]:
    """Bytes that were taken of a body, and the status of the answer."""
    taken = 0
    status = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        if taken > 4 * PHOTO_LIMIT:
            # Enough: whoever has taken so much is told that the caller went away.
            return {"type": "http.disconnect"}
        chunk = _CHUNK if taken else begin + _CHUNK
        taken += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    path = place.address()
    headers = {
        "host": "hemvist.example",
        "content-type": kind,
        "x-csrf-token": who.csrf,
        **who.headers,
    }
    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": place.method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(one.lower().encode(), value.encode()) for one, value in headers.items()],
            "client": ("203.0.113.9", 1),
            "server": ("hemvist.example", 443),
            "state": {},
        },
        receive,
        send,
    )
    return taken, status


#: What is not counted, and why that is right.
FREE = {
    "GET /health/live": "probes: one word, asked of nothing",
    "GET /health/ready": "probes: however many ask, one looks",
    "GET /static/portal/{name:path}": "the portal's own files, from no database",
}


def attack_rations(
    tally: Tally,
    client: TestClient,
    places: Sequence[Place],
    spent: Sequence[Caller],
    fresh: Sequence[Caller],
) -> None:
    """Every place, asked by those who have asked often enough: not answered, and nobody else kept out.

    ``spent`` have nothing left (person, kommun or address); ``fresh`` are of another kommun, and are
    let in through it all.
    """
    for place in places:
        addresses = {place.address()}
        if "{slug}" in place.path:
            # Addresses whose kommun is called as something is that is free.
            addresses |= {place.address("health"), place.address("static")}
        for address in addresses:
            for who in spent:
                tally.strike("rationed routes", str(place))
                tally.tried()
                answer = ask(client, place, who, address)
                if str(place) in FREE:
                    if answer.status_code == 429:
                        tally.find(f"{place} is rationed, and should be free")
                elif answer.status_code != 429:
                    tally.find(
                        f"{place} answers {who.name}, who asks too often, at {address.split('/')[1]}"
                    )
    for who in fresh:
        tally.tried()
        if client.get(f"/{who.slug or SLUG}/cases", headers=dict(who.headers)).status_code != 200:
            tally.find(f"{who.name} is kept out by others who ask too often")
