"""Holes planted where ids, sessions, methods, bodies and rations are looked at: each is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from hemvist.identity import sessions
from hemvist_attack import Tally
from hemvist_attack_api import Target, filled_target
from hemvist_attack_edges import attack_methods, attack_rations, attack_streams
from hemvist_attack_ids import attack_documents_served, attack_ids
from hemvist_attack_people import Front, end_of, who_uses_it, whole_front
from hemvist_attack_web import SLUG, Caller, Place, places_of
from hemvist_graphql import http
from hemvist_graphql.documents import document_id
from hemvist_graphql.execution import execute_text
from hemvist_infra.web import edge, rations
from hemvist_portal.documents import document

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def target(database: str) -> Target:
    return filled_target()


def _planted(front: Front, route: Route) -> Place:
    front.app.router.routes.insert(0, route)
    [place] = [one for one in places_of(front.app) if one.path == route.path]
    return place


@pytest.fixture
def front_as_it_was(front: Front) -> Any:
    kept = list(front.app.router.routes)
    yield front
    front.app.router.routes[:] = kept


def test_a_page_that_tells_that_there_is_one(front_as_it_was: Front, target: Target) -> None:
    front = front_as_it_was
    theirs = target.ids()

    def page(request: Request) -> Response:
        there = request.path_params["case_id"] == theirs["Case"]
        return PlainTextResponse("Not found, ask them" if there else "Not found", 404)

    place = _planted(front, Route("/{slug}/planted/{case_id}", page))
    found = Tally()
    attack_ids(found, front.client, [place], front.manager, theirs, target.words.of())
    assert found.finds == ["GET /{slug}/planted/{case_id} tells another's id from one of nothing"]


def test_a_page_that_shows_a_row_of_anothers(front_as_it_was: Front, target: Target) -> None:
    front = front_as_it_was
    word = next(iter(target.words.of("persons")))
    place = _planted(front, Route("/{slug}/planted/{case_id}", lambda _: PlainTextResponse(word)))
    found = Tally()
    attack_ids(found, front.client, [place], front.manager, target.ids(), target.words.of())
    assert "GET /{slug}/planted/{case_id} shows 1 words of another's" in found.finds


@pytest.mark.parametrize(
    "ending",
    ["session logged out after use", "person blocked after use", "membership removed after use"],
)
def test_a_read_that_does_not_prove_who_asks(
    front: Front, target: Target, ending: str, monkeypatch: Patch
) -> None:
    """What is remembered of a caller is taken for an answer, by the fast way of reading."""

    async def not_at_once(*_: Any) -> None:
        return None

    def unproved(actor: Any, _: Any, asked: Any, variables: Any, name: Any) -> Any:
        return execute_text(actor, asked, variables, name)

    monkeypatch.setattr(http, "execute_at_once", not_at_once)
    monkeypatch.setattr(http, "execute_claimed", unproved)
    frame: Mapping[str, Any] = {"frame": (document_id(document("frame")), {})}
    who = who_uses_it(ending)
    first = Tally()
    attack_documents_served(first, front.client, SLUG, who, frame, set(), shut=False)
    assert first.finds == []
    end_of(who, ending)
    found = Tally()
    attack_documents_served(found, front.client, SLUG, who, frame, set(), shut=True)
    assert found.finds == [f"{ending} is answered frame with 200"]


def test_a_session_that_never_ends_after_use(front: Front, monkeypatch: Patch) -> None:
    who = who_uses_it("session past its end after use")
    end_of(who, "session past its end after use")
    monkeypatch.setattr(sessions, "_is_living", lambda row, secret: True)
    frame: Mapping[str, Any] = {"frame": (document_id(document("frame")), {})}
    found = Tally()
    attack_documents_served(found, front.client, SLUG, who, frame, set(), shut=True)
    assert len(found.finds) == 1


def test_an_address_that_takes_every_method(front_as_it_was: Front) -> None:
    class Anything:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse("done")(scope, receive, send)

    place = _planted(front_as_it_was, Route("/{slug}/planted", Anything()))
    found = Tally()
    attack_methods(found, front_as_it_was.client, [place], front_as_it_was.manager)
    assert "DELETE /{slug}/planted answers nobody with 200" in found.finds


def test_a_body_that_is_taken_for_ever(front: Front, monkeypatch: Patch) -> None:
    monkeypatch.setattr(edge, "BODY_LIMIT", 10**12)
    places = [one for one in front.places if str(one) == "POST /language"]
    found = Tally()
    attack_streams(found, front.client, front.app, places, front.manager)
    assert any("MB of a body without an end" in one for one in found.finds)


def test_an_address_that_is_not_rationed(database: str, valkey: str, monkeypatch: Patch) -> None:
    """What begins like a probe's or a file's address was free once, and reached the database."""
    for who in ("PERSON", "KOMMUN", "STRANGER"):
        monkeypatch.setenv(f"HEMVIST_{who}_REQUESTS_AT_ONCE", "3")
        monkeypatch.setenv(f"HEMVIST_{who}_REQUESTS_PER_MINUTE", "0.01")
    monkeypatch.setattr(rations, "_is_free", lambda path: path.startswith(("/health/", "/static/")))
    with whole_front() as rationed:
        for _ in range(4):
            rationed.client.get(f"/{SLUG}/cases")
        places = [one for one in rationed.places if one.path == "/{slug}/graphql"]
        found = Tally()
        attack_rations(found, rationed.client, places, [Caller("an address")], [])
    assert set(found.finds) == {
        f"POST /{{slug}}/graphql answers an address, who asks too often, at {slug}"
        for slug in ("health", "static")
    }
