"""A landlord attacks the pages: every address that holds an id, with the ids of others.

The addresses are those of the application, so a page or a file that somebody adds is attacked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from hemvist_graphql.ids import global_id
from hemvist_landlord_attack import type_names
from hemvist_landlord_town import Town, made_town
from hemvist_login import session_cookie
from hemvist_portal.app import router
from hemvist_visits import Visit

#: Some three thousand pages.
pytestmark = pytest.mark.slow

LogIn = Callable[..., Visit]
#: Types of the kommun as a whole, which every landlord it has let in may read.
COMMON = {"ContactCard"}
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def routes(of: Any = router) -> Iterator[Any]:
    """Every address of the portal, wherever its router is included."""
    for one in of.routes:
        inner = getattr(one, "original_router", None)
        if inner is None:
            yield one
        else:
            yield from routes(inner)


def landlords_own() -> list[tuple[str, str]]:
    """Method and address of every page for landlords."""
    return sorted(
        (method, one.path)
        for one in routes()
        if one.path.startswith("/hyresvard")
        for method in one.methods - {"HEAD"}
    )


@pytest.fixture(scope="module")
def town(portal: FastAPI) -> Town:
    owner, other = (
        session_cookie("hyresvard", name)[2] for name in ("vera.nystrom", "mats.bergkvist")
    )
    return made_town(owner.actor, other.actor)


def asked(visit: Visit, method: str, path: str, row_id: str) -> tuple[int, str]:
    """What is answered where ``row_id`` stands in every place of the address, without the id itself."""
    address = _PLACE.sub(row_id, path)
    if method == "GET":
        status, page = visit.get(address)
    else:
        status, page, where = visit.post(address, expectedVersion="1")
        page += where
    tokens = re.sub(r'(nonce|csrf|idempotencyKey|value)="[^"]*"', "", page)
    return status, tokens.replace(row_id, "…")


def test_no_address_with_an_id_of_anothers_leads_anywhere(town: Town, visit: LogIn) -> None:
    stranger = visit("mats.bergkvist", "hyresvard")
    attempts = 0
    for method, path in landlords_own():
        if "{" not in path or "static" in path:
            continue
        # An id of a type that the page is not of is none of its own at once.
        meant = {_PLACE.findall(path)[0].removesuffix("_id").replace("_", ""), "offer"}
        for name in type_names():
            if name in COMMON or (name.lower() not in meant and method != "GET"):
                continue
            nothing = asked(stranger, method, path, global_id(name, uuid4()))
            # A page may ask for an invitation's secret to be taken up, whatever it is.
            assert nothing[0] < 500 and (nothing[0] != 200 or "{token}" in path), (method, path)
            for row_id in [*town.ids.get(name, [])[:1], global_id(name, town.rows["cases"])]:
                assert asked(stranger, method, path, row_id) == nothing, (method, path, row_id)
                attempts += 1
        # As it stands in the database.
        for table in ("persons", "cases", "contracts", "units"):
            status, page = asked(stranger, method, path, town.rows[table].hex)
            assert status < 500, (method, path, table)
            assert not any(word in page for word in town.words.of())
            attempts += 1
    assert attempts or not any("{" in path for _, path in landlords_own())


def test_no_page_shows_anything_of_anothers_whatever_it_is_asked_for(
    town: Town, visit: LogIn
) -> None:
    stranger = visit("mats.bergkvist", "hyresvard")
    for method, path in landlords_own():
        if method != "GET" or "{" in path or "static" in path:
            continue
        queries = ["", *(f"?{key}={one}" for key in _queries(path) for one in _firsts(town))]
        for query in queries:
            _, page = stranger.get(path + query)
            shown = page.replace(query.partition("=")[2] or "…", "…")
            common = town.words.of("contact_cards")
            assert not any(w in shown for w in town.words.of() - common), path + query


def _firsts(town: Town) -> list[str]:
    return [
        ids[0] for name, ids in town.ids.items() if name in ("Kommun", "Unit", "Vacancy", "Offer")
    ]


def _queries(path: str) -> list[str]:
    found = {"kommun"}
    for one in routes():
        if one.path == path and hasattr(one, "dependant"):
            found |= {parameter.name for parameter in one.dependant.query_params}
    return sorted(found)


def test_what_the_owner_sees_holds_no_word_that_no_view_shows(town: Town, visit: LogIn) -> None:
    from hemvist.landlords.views import columns_read

    owner = visit("vera.nystrom", "hyresvard")
    hidden = town.words.hidden(columns_read())
    for method, path in landlords_own():
        if method != "GET" or "static" in path:
            continue
        addresses = [path]
        if "{" in path:
            addresses = [_PLACE.sub(ids[0], path) for ids in town.ids.values()]
        for address in addresses:
            status, page = owner.get(address)
            assert status < 500, address
            assert not [word for word in hidden if word in page.replace(address, "…")], address


def test_a_landlords_session_opens_no_page_of_a_kommun(
    town: Town, visit: LogIn, stranger: Any
) -> None:
    landlord = visit("vera.nystrom", "hyresvard")
    tried = 0
    for one in routes():
        if not one.path.startswith("/{slug}/"):
            continue
        for method in one.methods - {"HEAD"}:
            for slug in ("karlstad", "hyresvard"):
                address = _PLACE.sub(
                    lambda found, slug=slug: slug if found[1] == "slug" else "x", one.path
                )
                if any(
                    re.fullmatch(_PLACE.sub("[^/]+", own), address) for _, own in landlords_own()
                ):
                    # The landlords' own page of that address.
                    continue
                mine, theirs = _both(landlord, stranger, method, address)
                assert mine == theirs, (method, address)
                tried += 1
    assert tried > 200


def _both(landlord: Visit, stranger: Any, method: str, address: str) -> tuple[Any, Any]:
    if method == "GET":
        mine = landlord.client.get(address)
        theirs = stranger.get(address)
    else:
        sent = {"csrf": landlord.csrf, "idempotencyKey": "k"}
        mine = landlord.client.post(address, data=sent)
        theirs = stranger.post(address, data=sent)
    return (
        (mine.status_code, mine.headers.get("location", "")),
        (theirs.status_code, theirs.headers.get("location", "")),
    )
