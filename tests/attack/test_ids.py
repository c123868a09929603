"""Pages, forms and persisted operations given the ids of another kommun, and by those whose time is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hemvist_attack import EVERY, Tally, some
from hemvist_attack_api import Target, filled_target, variables_of
from hemvist_attack_ids import attack_documents_served, attack_ids
from hemvist_attack_people import (
    ENDINGS,
    Front,
    end_of,
    everybody_who_may_not,
    who_uses_it,
    with_every_right,
)
from hemvist_attack_web import SLUG
from hemvist_graphql.documents import document_id
from hemvist_landlord_town import Town, made_town
from hemvist_login import session_cookie
from hemvist_portal.documents import document, names

pytestmark = pytest.mark.slow

#: What is asked by those who may be nowhere: a read and a write of each kind would do as well as all.
EVERY_SO_MANY = 8


@pytest.fixture(scope="module")
def target(database: str) -> Target:
    return filled_target()


@pytest.fixture(scope="module")
def town(front: Front) -> Town:
    """Who attacks is somebody of the other landlord in it."""
    return made_town(other=session_cookie("hyresvard", "vera.nystrom")[2].actor)


@pytest.fixture(scope="module")
def documents(target: Target) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Every registered document (or some, with the one of every page): its digest, and ids of the
    target for it."""
    return {
        name: (document_id(text), variables_of(text, target)[0])
        for name, text in ((name, document(name)) for name in {*some(names()), "frame"})
    }


def test_no_page_and_no_form_takes_an_id_of_another_kommun(
    tally: Tally, front: Front, target: Target
) -> None:
    [(places, _, _), _] = front.halves()
    who = with_every_right()
    attack_ids(tally, front.client, some(places), who, target.ids(), target.words.of())
    assert tally.count("places with ids") > 200 / EVERY


def test_no_page_and_no_form_takes_an_id_of_another_landlord(
    tally: Tally, front: Front, town: Town
) -> None:
    [_, (places, who, _)] = front.halves()
    theirs = {name: ids[0] for name, ids in town.ids.items()}
    words = town.words.of() - town.words.of("contact_cards")
    attack_ids(tally, front.client, places, who, theirs, words, kind="landlords' places with ids")
    assert tally.count("landlords' places with ids") > 25


def test_no_persisted_operation_shows_anything_of_another_kommun(
    tally: Tally, front: Front, target: Target, documents: Any
) -> None:
    words = target.words.of()
    attack_documents_served(tally, front.client, SLUG, front.manager, documents, words, shut=False)
    assert tally.count("persisted operations") == len(documents) >= len(names()) // EVERY


def test_no_persisted_operation_answers_who_may_not_be_there(
    tally: Tally, front: Front, target: Target, documents: Any
) -> None:
    words = target.words.of()
    few = dict(list(documents.items())[::EVERY_SO_MANY])
    for who in everybody_who_may_not():
        attack_documents_served(tally, front.client, SLUG, who, few, words, shut=True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_was_let_in_is_not_let_in_after_the_end(
    tally: Tally, front: Front, target: Target, documents: Any, ending: str
) -> None:
    """The process knows them from before, and reads of them are proved by the statement itself."""
    who = who_uses_it(ending)
    headers = {**who.headers, "x-csrf-token": who.csrf}
    frame, variables = documents["frame"]
    for _ in range(3):
        answer = front.client.post(
            f"/{SLUG}/graphql",
            json={"documentId": frame, "variables": dict(variables)},
            headers=headers,
        )
        assert answer.status_code == 200, answer.text
    end_of(who, ending)
    attack_documents_served(tally, front.client, SLUG, who, documents, target.words.of(), shut=True)
    page = front.client.get(f"/{SLUG}/cases", headers=dict(who.headers))
    if page.status_code == 200:
        tally.find(f"{who.name} is shown a page")
