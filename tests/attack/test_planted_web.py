"""Holes planted in the web and in files: the attack finds each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hemvist.identity import sessions
from hemvist.spreadsheets import sheets
from hemvist_attack import Tally
from hemvist_attack_files import (
    HEAD,
    VISITOR,
    attack_csv,
    attack_letters,
    attack_lists_out,
    attack_makers,
    attack_names,
    attack_reading,
    refuses,
)
from hemvist_attack_people import Front, everybody_who_may_not, logged_in
from hemvist_attack_web import (
    Place,
    attack_doors,
    attack_forms,
    attack_hosts,
    attack_paths,
    attack_redirects,
    attack_sizes,
    places_of,
)
from hemvist_infra.web import edge
from hemvist_portal import excel, visitor
from hemvist_portal.routes import start

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch


def planted(app: Any, path: str, answer: Callable[[Request], Response], method: str) -> Place:
    """A route that nobody wrote down anywhere: it is in the map, and so it is attacked."""
    app.router.routes.insert(0, Route(path, answer, methods=[method]))
    [place] = [one for one in places_of(app) if one.path == path]
    return place


@pytest.fixture
def app(front: Front) -> Iterator[Any]:
    kept = list(front.app.router.routes)
    yield front.app
    front.app.router.routes[:] = kept


def only(app: Any, *paths: str) -> list[Place]:
    return [one for one in places_of(app) if str(one) in paths]


def test_a_page_that_asks_nobody_to_log_in(front: Front, app: Any) -> None:
    place = planted(app, "/{slug}/planted", lambda _: PlainTextResponse("Alva"), "GET")
    found = Tally()
    attack_doors(found, front.client, [place], [])
    assert found.finds == ["GET /{slug}/planted answers nobody with 200"]


def test_a_page_that_lets_landlords_in(front: Front, app: Any) -> None:
    def page(request: Request) -> Response:
        here = "hyresvard" in request.headers.get("cookie", "")
        return PlainTextResponse("x") if here else RedirectResponse("/helsingborg/login", 303)

    place = planted(app, "/{slug}/planted", page, "GET")
    found = Tally()
    attack_doors(found, front.client, [place], everybody_who_may_not())
    assert found.finds == ["GET /{slug}/planted answers landlord with 200"]


def test_a_form_without_a_token(front: Front, app: Any) -> None:
    place = planted(
        app, "/{slug}/planted", lambda _: RedirectResponse("/helsingborg/cases", 303), "POST"
    )
    found = Tally()
    attack_forms(found, front.client, [place], logged_in("bengt.sandell"), logged_in())
    assert any("takes a form with the token ''" in one for one in found.finds)


def test_tokens_that_nobody_looks_at(front: Front, app: Any, monkeypatch: Patch) -> None:
    monkeypatch.setattr(visitor, "require_csrf", lambda session, token: None)
    places = only(app, "POST /{slug}/households/new")
    found = Tally()
    attack_forms(found, front.client, places, logged_in(), logged_in("bengt.sandell"))
    assert len(found.finds) == 3


def test_sessions_that_never_end(front: Front, app: Any, monkeypatch: Patch) -> None:
    callers = everybody_who_may_not()
    monkeypatch.setattr(sessions, "_is_living", lambda row, secret: True)
    found = Tally()
    attack_doors(found, front.client, only(app, "GET /{slug}/cases"), callers)
    assert any("answers expired session with 200" in one for one in found.finds)
    assert any("answers session logged out with 200" in one for one in found.finds)


@pytest.mark.parametrize(
    ("header", "value", "told"),
    [
        ("Content-Security-Policy", "default-src *", "no strict content policy"),
        ("X-Frame-Options", "ALLOWALL", "x-frame-options is ALLOWALL"),
        ("Cache-Control", "public, max-age=60", "may be kept by a cache"),
        ("Access-Control-Allow-Origin", "*", "lets other sites read it"),
        ("Set-Cookie", "hemvist_x=1; Path=/", "the cookie hemvist_x is not held to us"),
    ],
)
def test_a_header_that_is_weaker(
    front: Front, app: Any, header: str, value: str, told: str
) -> None:
    place = planted(
        app,
        "/{slug}/planted",
        lambda _: PlainTextResponse("", 404, headers={header: value}),
        "GET",
    )
    found = Tally()
    attack_doors(found, front.client, [place], [])
    assert f"GET /{{slug}}/planted (nobody): {told}" in found.finds


def test_a_header_that_is_forgotten(front: Front, app: Any, monkeypatch: Patch) -> None:
    complete = edge.Edge._complete

    def forgetful(self: Any, message: Any, path: str, request_id: str) -> None:
        complete(self, message, path, request_id)
        message["headers"] = [
            one for one in message["headers"] if one[0] != b"x-content-type-options"
        ]

    monkeypatch.setattr(edge.Edge, "_complete", forgetful)
    found = Tally()
    attack_doors(found, front.client, only(app, "GET /{slug}/cases"), [])
    assert found.finds == ["GET /{slug}/cases (nobody): x-content-type-options is None"]


def test_a_redirect_to_anywhere(front: Front, app: Any, monkeypatch: Patch) -> None:
    monkeypatch.setattr(start, "_local", lambda target: target)
    found = Tally()
    attack_redirects(found, front.client, only(app, "POST /language"), logged_in())
    assert "POST /language leads to https://evil.example/x" in found.finds
    assert "POST /language leads to //evil.example/x" in found.finds


def test_any_name_at_all(front: Front, app: Any, monkeypatch: Patch) -> None:
    monkeypatch.setattr(edge.Edge, "_known_host", lambda *_: True)
    found = Tally()
    attack_hosts(found, front.client, only(app, "GET /{slug}/cases"), logged_in())
    assert found.finds == ["GET /{slug}/cases answers to another name"]


def test_bodies_without_a_limit(front: Front, app: Any, monkeypatch: Patch) -> None:
    monkeypatch.setattr(edge, "BODY_LIMIT", 10**9)
    found = Tally()
    attack_sizes(found, front.client, only(app, "POST /language"), logged_in())
    assert len(found.finds) == 1


def test_a_failure_and_a_file_of_the_machine(front: Front, app: Any) -> None:
    def reads(request: Request) -> Response:
        if "passwd" in request.path_params["name"]:
            return PlainTextResponse("root:x:0:0:root:/root:/bin/bash")
        raise ValueError(request.path_params["name"])

    place = planted(app, "/{slug}/planted/{name:path}", reads, "GET")
    found = Tally()
    attack_paths(found, front.client, [place], logged_in())
    assert any("tells of our insides" in one for one in found.finds)
    assert any("answers 500" in one for one in found.finds)


def test_archives_that_nobody_looks_into(monkeypatch: Patch) -> None:
    monkeypatch.setattr(sheets, "_inspect", lambda content: None)
    found = Tally()
    attack_reading(found, refuses)
    assert {"a list of zeros is read", "a list of few entities is read"} <= set(found.finds)


def test_parts_that_are_believed_by_their_name(monkeypatch: Patch) -> None:
    inspect = sheets._inspect_part
    monkeypatch.setattr(
        sheets, "_inspect_part", lambda part, named: inspect(part, named) if named else None
    )
    found = Tally()
    attack_reading(found, refuses)
    assert "a list of few entities under another name is read" in found.finds


def test_cells_that_may_be_formulas(monkeypatch: Patch) -> None:
    monkeypatch.setattr(excel, "_text", lambda page, value: excel.WriteOnlyCell(page, value))
    found = Tally()
    attack_lists_out(found, VISITOR)
    assert len(found.finds) > 5


def test_a_workbook_made_beside_the_one_that_is_careful(tmp_path: Any) -> None:
    (tmp_path / "hasty.py").write_text("from openpyxl import Workbook\n")
    found = Tally()
    attack_makers(found, [tmp_path])
    (tmp_path / "lines.py").write_text("import csv\nx = csv.writer(None)\n")
    attack_makers(found, [tmp_path])
    assert len(found.finds) == 2


def test_a_file_under_the_name_that_it_came_with() -> None:
    def trusting(content: bytes, kind: str, name: str) -> Response:
        plain = name.encode("ascii", "ignore").decode().replace("\r\n", "")
        said = {"Content-Disposition": f"inline; filename*=UTF-8''{plain}"}
        return Response(content, media_type=kind, headers=said)

    found = Tally()
    attack_names(found, trusting)
    assert "a file of text/html may run what it holds" in found.finds
    assert any("'../../etc/passwd' keeps that name" in one for one in found.finds)


def test_lines_that_may_be_formulas() -> None:
    found = Tally()
    attack_csv(found, lambda rows: "".join(f'"{row[0]}"\r\n' for row in rows))
    assert len(found.finds) > 5


def test_a_letter_that_carries_out_what_it_says(monkeypatch: Patch) -> None:
    from hemvist.documents.blocks import Paragraph

    monkeypatch.setattr(
        Paragraph, "as_json", lambda self: {"type": "paragraphs", "parts": ["49"], "cite": ""}
    )
    found = Tally()
    attack_letters(found, HEAD)
    assert any("carries out" in one for one in found.finds)
