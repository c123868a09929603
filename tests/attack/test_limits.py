"""Operations without end, in batches, and by ids of documents that there are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist_attack import Tally
from hemvist_attack_api import as_actor
from hemvist_attack_limits import attack_costs, batches
from hemvist_attack_people import EVERYTHING, logged_in, whole_application
from hemvist_graphql import limits
from hemvist_graphql.documents import read
from hemvist_graphql.landlord import execute as landlord_execute
from hemvist_graphql.landlord.schema import executable_schema as landlord_schema
from hemvist_landlords import somebody
from hemvist_testing import new_tenant, open_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def actor(database: str) -> Actor:
    return Actor(new_tenant(), new_id(), "Egen", EVERYTHING)


@pytest.fixture(scope="module")
def client(database: str, valkey: str) -> Iterator[TestClient]:
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEMVIST_LOCAL_DIR", str(folder))
        with whole_application() as (client, _):
            yield client


def test_no_list_is_read_without_end(tally: Tally, actor: Actor) -> None:
    attack_costs(tally, as_actor(actor))
    assert tally.count("lists without end") > 15


def test_no_list_of_the_landlords_is_read_without_end(tally: Tally, database: str) -> None:
    somebodys = somebody("Ingen Särskild")
    attack_costs(
        tally,
        lambda document, given: landlord_execute(somebodys, document, given),
        landlord_schema(),
        kind="landlords' lists without end",
    )
    assert tally.count("landlords' lists without end") > 3


@pytest.mark.parametrize("body", batches(), ids=range(len(batches())))
def test_a_request_is_one_operation(tally: Tally, client: TestClient, body: Any) -> None:
    tally.strike("batches", str(body)[:80])
    who = logged_in()
    headers = {**who.headers, "x-csrf-token": who.csrf}
    answer = client.post("/helsingborg/graphql", json=body, headers=headers)
    if answer.status_code != 400 or answer.json().get("data") is not None:
        tally.find(f"a body of several operations is taken: {str(body)[:80]}")


def test_lists_without_a_limit_are_found(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nothing is too deep, too much or too often any more."""
    for name in ("MAX_COST", "MAX_DEPTH", "MAX_ALIASES"):
        monkeypatch.setattr(limits, name, 10**12)
    found = Tally()
    attack_costs(found, _let_through)
    assert len(found.finds) > 15


def _let_through(document: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """What becomes of a document before it is read: to read it would take what the limits guard."""
    failed = read(document).failed
    if failed is None:
        return {"data": {}}
    return {"errors": [{"extensions": {"code": failed.code.value}}]}
