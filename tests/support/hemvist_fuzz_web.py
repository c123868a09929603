"""Cases for the web, made by schemathesis from the application's URL map and from its own forms.

The application gives out no OpenAPI document, so one is made here: each address of the map with the
ids that its places take, its queries, and the fields of its form. These are what the form on the page
holds, where one leads there, and whatever the route's module names.
"""

from __future__ import annotations

import inspect
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from hemvist_attack_web import Place, places_of
from hemvist_fuzz import STRANGE, Case, Maker, plain, stranger
from hemvist_fuzz_graphql import DAYS, WORDS
from hemvist_fuzz_town import KOMMUN, Town

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
_NAMED = re.compile(r"\"([a-z][A-Za-z0-9]{1,40}(?:\[0\]\.[A-Za-z]+)?)\"")
_NUMBERS = ["0", "1", "2", "-1", "3,5", "8 500", "999999999999", "1e308", "٣"]
#: Addresses that answer with another's page, or that end the session that they are sent with.
LEFT_OUT = ("/logout", "/graphql", "/oidc/callback")
#: Parts of addresses that are called otherwise than the type that they name.
_MEANT: Mapping[str, str] = {"file_id": "File", "number": "Number", "year": "Year"}
PAGE_SENDERS = ("everything",) * 4 + ("caseworker", "manager", "officer", "log reviewer")
_OWN = ("csrf", "idempotencyKey")


@dataclass(frozen=True)
class Form:
    """A form that stands on a page: where it leads, and what its fields hold or offer."""

    action: str
    fields: dict[str, list[str]]
    files: bool


@dataclass
class _Forms(HTMLParser):
    found: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        if tag == "form" and given.get("method", "").lower() == "post":
            multipart = "multipart" in given.get("enctype", "")
            self._open = Form(given.get("action", ""), {}, multipart)
        elif self._open is not None:
            name = given.get("name", "")
            if tag == "select":
                self._select = name
                self._open.fields.setdefault(name, [])
            elif tag == "option" and self._select:
                self._open.fields[self._select].append(given.get("value", ""))
            elif tag in ("input", "textarea", "button") and name:
                self._open.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._open is not None:
            self.found.append(self._open)
            self._open = None


def places(town: Town) -> list[Place]:
    """Every address of the map that cases are sent to."""
    return [
        one
        for one in places_of(town.app)
        if not one.path.endswith(LEFT_OUT) and not one.path.startswith("/dev-issuer")
    ]


def forms_on_pages(town: Town) -> dict[str, list[Form]]:
    """The forms on the pages that links lead to, by the route that they lead to."""
    posts = [one for one in places(town) if one.method == "POST"]
    found: dict[str, list[Form]] = {}
    for who, start in (("everything", f"/{KOMMUN}/today"), ("landlord", "/hyresvard/start")):
        for page in _walk(town, who, start):
            for form in page.found:
                route = _route_of(posts, form.action)
                if route is not None and len(found.setdefault(str(route), [])) < 4:
                    for part in chain(form.action.split("/"), *form.fields.values()):
                        town.names.learn(part)
                    labelled = town.names.labelled(form.fields)
                    action = _labelled_path(town, form.action)
                    found[str(route)].append(Form(action, labelled, form.files))
    return found


def _walk(town: Town, who: str, start: str) -> Iterator[_Forms]:
    waiting, seen = [start], set()
    kinds: dict[str, int] = {}
    sender = town.senders[who]
    while waiting and len(seen) < town.pages:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = sender.http.get(address, headers={"accept": "text/html"})
        if "text/html" not in answer.headers.get("content-type", "") or answer.status_code != 200:
            continue
        page = _Forms()
        page.feed(answer.text)
        for form in page.found:
            # A form without an address leads to the page that it stands on.
            if not form.action:
                object.__setattr__(form, "action", address)
        yield page
        for link in page.links:
            plain = link.split("#")[0].split("?")[0]
            kind = re.sub(r"[A-Za-z]+_[0-9a-f]{32}", "_", plain)
            if plain not in seen and kinds.get(kind, 0) < 3 and "logout" not in plain:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(plain)


def _route_of(posts: list[Place], action: str) -> Place | None:
    path = action.split("?")[0]
    for one in posts:
        if re.fullmatch(_PART.sub("[^/]+", one.path), path):
            return one
    return None


def _labelled_path(town: Town, path: str) -> str:
    return "/".join(town.names.labelled(part) for part in path.split("?")[0].split("/"))


def cases(place: Place, forms: list[Form], town: Town) -> Maker:
    """Requests to one address: as described, against it, and like a form that stands on a page."""
    described = _described(place, forms, town)
    operations = [
        result.ok() for result in schemathesis.openapi.from_dict(described).get_all_operations()
    ]
    made = st.one_of(
        [one.as_strategy(generation_mode=GenerationMode.POSITIVE) for one in operations] * 2
        + [
            one.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            for one in operations
            if _PART.search(place.path) or place.queries or place.method == "POST"
        ]
    )
    senders = ("landlord",) if place.landlords else PAGE_SENDERS
    kind = "files" if _takes_file(place, forms) else "forms" if place.method == "POST" else "pages"
    if place.landlords:
        kind = f"landlords' {kind}"

    def case(one: Any, chance: random.Random) -> Case:
        who, lang = chance.choice(senders), chance.choice(["sv", "en"])
        path = _path(place, plain(one.path_parameters or {}))
        body = plain(one.body) if isinstance(one.body, dict) else {}
        if place.method == "GET":
            return Case(
                kind, str(place), who, "GET", path, lang, None, plain(dict(one.query or {}))
            )
        if forms and chance.random() < 0.75:
            form = chance.choice(forms)
            path = form.action
            filled = {
                name: chance.choice(values) if values else ""
                for name, values in sorted(form.fields.items())
            }
            changed = chance.sample(sorted(body), min(len(body), chance.randint(0, 3)))
            body = {**filled, **{name: body[name] for name in changed}}
        if body and chance.random() < 0.3:
            body = stranger(body, chance)
        token = "@@csrf@@" if chance.random() < 0.95 else "x"
        body = {**body, "csrf": token, "idempotencyKey": "@@key@@"}
        if kind.endswith("files"):
            body["file"] = chance.choice(FILES)
        return Case(kind, str(place), who, place.method, path, lang, body)

    return Maker(made, case)


#: Files that are sent: name, and content in Latin-1.
FILES = [
    ["a.png", "\x89PNG\r\n\x1a\n" + "\0" * 40],
    ["a.pdf", "%PDF-1.4\n%%EOF\n"],
    ["a\0b\ud83d.pdf", "%PDF-1.4\n%%EOF\n"],
    ["", ""],
    ["../../etc/passwd", "x"],
    ["x" * 400 + ".jpg", "\xff\xd8\xff\xe0" + "\0" * 20],
    ["a.xlsx", "PK\x03\x04" + "\xff" * 60],
    ["a.csv", "a;b\n\xff\xfe;\0\n"],
]


def _takes_file(place: Place, forms: list[Form]) -> bool:
    return place.method == "POST" and (
        place.path.endswith(("/photos", "/files", "/file", "/import", "/upload"))
        or any(form.files for form in forms)
    )


def _path(place: Place, given: Mapping[str, Any]) -> str:
    def part(found: re.Match[str]) -> str:
        return KOMMUN if found[1] == "slug" else str(given.get(found[1], "x"))

    return _PART.sub(part, place.path)


def _described(place: Place, forms: list[Form], town: Town) -> dict[str, Any]:
    """OpenAPI of one address."""
    names = town.landlord_names if place.landlords else town.names
    parts = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"anyOf": [{"enum": _values(name, names, place)}, {"type": "string"}]},
        }
        for name in dict.fromkeys(_PART.findall(place.path))
        if name != "slug"
    ]
    texts = list(dict.fromkeys([*WORDS, *DAYS, *_NUMBERS, *STRANGE]))
    queries = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"anyOf": [{"enum": [*texts, *names.of("Case", 2)]}, {"type": "string"}]},
        }
        for name in place.queries
    ]
    operation: dict[str, Any] = {
        "parameters": [*parts, *queries],
        "responses": {"default": {"description": "any"}},
    }
    if place.method == "POST":
        fields = _fields(place, forms, texts, town)
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": fields}
                }
            },
        }
    path = _PART.sub(lambda one: "x" if one[1] == "slug" else f"{{{one[1]}}}", place.path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hemvist", "version": "1"},
        "paths": {path: {place.method.lower(): operation}},
    }


def _values(name: str, names: Any, place: Place) -> list[str]:
    kind = "".join(word.capitalize() for word in name.removesuffix("_id").split("_"))
    known = names.of(_MEANT.get(name, kind))
    if not known and name.endswith("_id"):
        known = [label for one in names.ids for label in names.of(one, 1)]
    module = sys.modules.get(_module(place) or "")
    words = _NAMED.findall(inspect.getsource(module)) if module else []
    plain = [] if name.endswith("_id") else sorted(set(words))[:60]
    return [*known, *plain, "1", "2026-11", "x", "@@nul@@", "@@markup@@", "@@number@@"]


def _fields(
    place: Place, forms: list[Form], texts: list[str], town: Town
) -> dict[str, dict[str, Any]]:
    """The fields of an address's form, each with what it may hold."""
    offered: dict[str, list[str]] = {}
    for form in forms:
        for name, values in form.fields.items():
            offered.setdefault(name, []).extend(values)
    module = sys.modules.get(_module(place) or "")
    if module is not None:
        for name in _NAMED.findall(inspect.getsource(module)):
            offered.setdefault(name, [])
    known = town.words()
    return {
        name: {
            "anyOf": [
                {"enum": list(dict.fromkeys([*values[:20], *known.get(name, []), *texts]))},
                {"type": "string", "maxLength": 60},
            ]
        }
        for name, values in sorted(offered.items())
        if name not in _OWN
    }


_MODULES: dict[str, str] = {}


def _module(place: Place) -> str | None:
    return _MODULES.get(str(place))


def learn_modules(app: Any) -> None:
    """Know which module each address is served by."""
    from hemvist_attack_web import _routes

    for one in _routes(app):
        for method in getattr(one, "methods", None) or ():
            _MODULES[f"{method} {one.path}"] = getattr(one.endpoint, "__module__", "")
