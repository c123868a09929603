"""The web attacked: every address of the application's own URL map, by everybody who may not.

``places_of`` reads the map, so a route that somebody adds is attacked with it. ``Caller`` is who asks:
with a session that lives, one that has ended, one of a landlord, or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
from starlette.routing import Mount
from starlette.testclient import TestClient

from hemvist_attack import Tally
from hemvist_graphql.ids import global_id

ADDRESS = "https://hemvist.example"
EVIL = "evil.example"
SLUG = "helsingborg"
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
#: Words that only our insides or a file of the machine's would say.
_INSIDE = (
    "Traceback (most recent",
    "site-packages",
    "root:x:0:0",
    "psycopg.errors",
    "sqlalchemy.exc",
)

#: Addresses that answer somebody who is not logged in, and why that is right.
PUBLIC: Mapping[str, str] = {
    "GET /": "which kommuner there are to log in at",
    "GET /{slug}": "leads to the kommun's first page, and so to the login",
    "GET /static/portal/{name:path}": "the portal's own files, the same for everybody",
    "GET /{slug}/static/theme.css": "the kommun's colours",
    "GET /health/live": "probes",
    "GET /health/ready": "probes",
    "GET /{slug}/login": "the way in",
    "POST /language": "the reader's language in a cookie, and nothing else",
    "GET /hyresvard": "where landlords log in",
    "GET /hyresvard/help": "how landlords log in",
    "GET /hyresvard/static/theme.css": "the colours of landlords' pages",
}
#: Addresses that take a form from somebody who is logged in without its token, and why that is right.
WITHOUT_TOKEN: Mapping[str, str] = {
    "POST /language": "changes no data; Lax cookies are not sent from another site's form",
    "POST /{slug}/oidc/backchannel-logout": "the issuer's server, by a signed token of its own",
}


@dataclass(frozen=True)
class Place:
    """One method of one address of the map."""

    method: str
    path: str
    queries: tuple[str, ...] = ()
    #: What answers there.
    endpoint: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def landlords(self) -> bool:
        """Whether it is of the landlords' pages or API."""
        return self.path.startswith(("/hyresvard", "/landlord"))

    def takes(self) -> list[str]:
        """The parts of its address that are filled in, but for the kommun."""
        return [name for name in _PLACE.findall(self.path) if name != "slug"]

    def address(self, slug: str = SLUG, **values: str) -> str:
        """The address with these values; ids of nothing in every other place."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in values:
                return values[name]
            if "*" in values:
                return slug if name == "slug" else values["*"]
            return slug if name == "slug" else of_nothing(name)

        return _PLACE.sub(value, self.path)


def of_nothing(name: str) -> str:
    """An id of nothing for a place in an address: ``case_id`` is of a Case."""
    kind = "".join(part[:1].upper() + part[1:] for part in name.removesuffix("_id").split("_"))
    return str(global_id(kind, uuid4()))


@dataclass(frozen=True)
class Caller:
    """Who asks, by the headers that they send, and the token of their forms."""

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    #: The kommun that they are of.
    slug: str = ""


def places_of(app: Any) -> list[Place]:
    """Every place of the application's map. Mounted applications are attacked by their first part."""
    found = {}
    for one in _routes(app):
        queries = tuple(
            parameter.alias for parameter in getattr(_dependant(one), "query_params", ())
        )
        for method in (getattr(one, "methods", None) or {"GET"}) - {"HEAD"}:
            # The first of two at one address is the one that answers.
            place = Place(method, one.path, queries, getattr(one, "endpoint", None))
            found.setdefault(str(place), place)
    return [found[key] for key in sorted(found)]


def _dependant(route: Any) -> Any:
    return getattr(route, "dependant", None)


def _routes(of: Any) -> Iterator[Any]:
    for one in of.routes:
        inner = getattr(one, "original_router", None)
        if inner is not None:
            yield from _routes(inner)
        elif not isinstance(one, Mount):
            # The development issuer is mounted, and nowhere in production.
            yield one


def ask(client: TestClient, place: Place, who: Caller, address: str, **more: Any) -> Any:
    """The answer to one request, as a browser would send it."""
    headers = {"accept": "text/html", **who.headers, **more.pop("headers", {})}
    if place.method == "GET":
        return client.get(address, headers=headers, **more)
    if address.endswith(("/graphql", "/graphql/export")) and not more.keys() & {"data", "content"}:
        if who.csrf:
            headers["x-csrf-token"] = who.csrf
        return client.request(
            place.method, address, headers=headers, json={"query": "{ me { name } }"}
        )
    if "content" not in more:
        more["data"] = {"csrf": who.csrf, "idempotencyKey": str(uuid4()), **more.get("data", {})}
    return client.request(place.method, address, headers=headers, **more)


def sound(tally: Tally, place: Place, why: str, answer: httpx2.Response) -> None:
    """What holds for every answer there is: headers, cookies, where it leads, and what it tells."""
    where = f"{place} ({why})"
    # The address is made up, and so nothing answers at the issuer's either.
    away = answer.status_code == 502 and place.path.endswith("/login")
    if answer.status_code >= 500 and not away:
        tally.find(f"{where} answers {answer.status_code}")
    for told in _headers_wrong(answer):
        tally.find(f"{where}: {told}")
    location = answer.headers.get("location", "")
    if location and not leads_home(location):
        tally.find(f"{where} leads to {location[:80]}")
    if any(word in answer.text for word in _INSIDE):
        tally.find(f"{where} tells of our insides")


def leads_home(location: str) -> bool:
    """Whether a browser that follows it stays with us, or goes to a kommun's issuer."""
    if location.startswith(("//", "/\\")) or "\\" in location.partition("?")[0]:
        return False
    return EVIL not in (urlsplit(location).netloc or "") and (
        location.startswith("/") or urlsplit(location).netloc == urlsplit(ADDRESS).netloc
    )


def _headers_wrong(answer: httpx2.Response) -> Iterator[str]:
    headers = answer.headers
    policy = headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        yield "no strict content policy"
    if "frame-ancestors 'none'" not in policy and "sandbox" not in policy:
        yield "can be framed"
    for name, value in (
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ):
        if headers.get(name) != value:
            yield f"{name} is {headers.get(name)}"
    if "max-age=31536000" not in headers.get("strict-transport-security", ""):
        yield "no strict transport security"
    if headers.get("referrer-policy") not in ("same-origin", "no-referrer"):
        yield "tells others whence somebody comes"
    if "/static/" not in str(answer.request.url) and "no-store" not in headers.get(
        "cache-control", ""
    ):
        yield "may be kept by a cache"
    if headers.get("access-control-allow-origin"):
        yield "lets other sites read it"
    if "server" in headers and "hemvist" in headers["server"].lower():
        yield "tells its server"
    for cookie in headers.get_list("set-cookie"):
        parts = {part.strip().lower().partition("=")[0] for part in cookie.split(";")[1:]}
        if not {"httponly", "secure", "samesite"} <= parts or "domain" in parts:
            yield f"the cookie {cookie.partition('=')[0]} is not held to us"


def attack_doors(
    tally: Tally, client: TestClient, places: Sequence[Place], callers: Sequence[Caller]
) -> None:
    """Every place, by everybody who may not be there: nobody gets in, and each like nobody at all."""
    nobody = Caller("nobody")
    for place in places:
        tally.strike("routes", str(place))
        address = place.address()
        plain = ask(client, place, nobody, address)
        sound(tally, place, "nobody", plain)
        shut = plain.status_code in (400, 401, 403, 404, 405) or (
            plain.status_code == 303 and "/login" in plain.headers["location"]
        )
        if not shut and str(place) not in PUBLIC:
            tally.find(f"{place} answers nobody with {plain.status_code}")
        for who in callers:
            tally.strike("principals", who.name)
            if place.landlords and who.name == "landlord":
                # At home there.
                continue
            answer = ask(client, place, who, address)
            sound(tally, place, who.name, answer)
            if _met(answer) != _met(plain) and str(place) not in PUBLIC and not _also_shut(answer):
                tally.find(f"{place} answers {who.name} with {answer.status_code}")


def _met(answer: httpx2.Response) -> tuple[int, str]:
    location = answer.headers.get("location", "")
    return answer.status_code, location.partition("?")[0]


def _also_shut(answer: httpx2.Response) -> bool:
    return answer.status_code in (401, 403, 404) or (
        answer.status_code == 303 and "/login" in answer.headers["location"]
    )


def attack_forms(
    tally: Tally, client: TestClient, places: Sequence[Place], who: Caller, another: Caller
) -> None:
    """Every place that changes something, as another site would have a logged-in browser send it."""
    for place in places:
        if place.method == "GET" or str(place) in WITHOUT_TOKEN:
            continue
        for token in ("", "wrong", another.csrf):
            tally.strike("forms", str(place))
            forged = Caller(who.name, {**who.headers, "origin": f"https://{EVIL}"}, token)
            answer = ask(client, place, forged, place.address())
            sound(tally, place, "a forged form", answer)
            # Refused for its token, and not for something that comes after it.
            if answer.status_code != 403 or not _FOR_ITS_TOKEN.search(answer.text):
                tally.find(
                    f"{place} takes a form with the token {token[:6]!r}: {answer.status_code}"
                )


_FOR_ITS_TOKEN = re.compile(r'Formuläret är för gammalt|"reason": ?"csrf"|>\s*csrf\s*<')
_EVIL_ADDRESSES = (
    f"https://{EVIL}/x",
    f"//{EVIL}/x",
    f"/\\{EVIL}",
    "javascript:alert(1)",
)
_LEADING = ("return_to", "next", "to", "url", "back", "redirect_uri")


def attack_redirects(
    tally: Tally, client: TestClient, places: Sequence[Place], who: Caller
) -> None:
    """Every place, told to go on to another site in every way that there is a word for."""
    for place in places:
        for evil in _EVIL_ADDRESSES:
            tally.strike("redirects", str(place))
            said = dict.fromkeys((*_LEADING, *place.queries), evil)
            told = {"params": said} if place.method == "GET" else {"data": said}
            answer = ask(client, place, who, place.address(), **told)
            location = answer.headers.get("location", "")
            if place.path.endswith("/login") and answer.status_code in (303, 502):
                # To the issuer, which is not there; where it comes back to is tried with one that is.
                continue
            if location and not leads_home(location):
                tally.find(f"{place} leads to {location[:80]}")
            if answer.status_code >= 500:
                tally.find(f"{place} answers {answer.status_code} to {evil}")


def attack_hosts(tally: Tally, client: TestClient, places: Sequence[Place], who: Caller) -> None:
    """Every place under another name, and with a proxy's words for one."""
    for place in places:
        tally.strike("hosts", str(place))
        answer = ask(client, place, who, place.address(), headers={"host": EVIL})
        if answer.status_code != 400 and not place.path.startswith("/health/"):
            tally.find(f"{place} answers to another name")
        spoken = {
            "x-forwarded-host": EVIL,
            "x-original-url": "/health/live",
            "forwarded": f"host={EVIL}",
        }
        answer = ask(client, place, who, place.address(), headers=spoken)
        if EVIL in answer.text or EVIL in str(answer.headers):
            tally.find(f"{place} believes a header about its name")


_STRANGE = (
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fapp.py",
    "..\\..\\etc\\passwd",
    "%00",
    "Case_" + "0" * 32 + "'%20OR%201=1--%F0%9F%98%80" + "x" * 2_000,
    "{{7*7}}",
)


def attack_paths(tally: Tally, client: TestClient, places: Sequence[Place], who: Caller) -> None:
    """Every place of an address given what is no id: no failure, no file of the machine's."""
    for place in places:
        if "{" not in place.path:
            continue
        for strange in _STRANGE:
            tally.strike("paths", str(place))
            for slug in (SLUG, strange) if strange is _STRANGE[0] else (SLUG,):
                answer = ask(client, place, who, place.address(slug, **{"*": strange}))
                sound(tally, place, "a strange path", answer)
                if answer.status_code == 200 and place.method != "GET":
                    continue
                if "49" in answer.text and strange == "{{7*7}}" and ">49<" in answer.text:
                    tally.find(f"{place} evaluates what stands in its address")


def attack_sizes(tally: Tally, client: TestClient, places: Sequence[Place], who: Caller) -> None:
    """Every place that takes a body, told of one that is far too large."""
    for place in places:
        if place.method == "GET":
            continue
        tally.strike("bodies", str(place))
        headers = {
            "content-length": "50000000",
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = ask(client, place, who, place.address(), headers=headers, content=b"csrf=x")
        if answer.status_code != 413:
            tally.find(f"{place} takes a body of 50 MB: {answer.status_code}")
