"""Whoever PostgreSQL puts back for another's sake is told so, whichever way it says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from hemvist.clock import today
from hemvist.offers import service
from hemvist.offers.models import Offer
from hemvist.tenancy import TenantSession
from hemvist_api import mutation
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_world import World, caseworker_of

ME = caseworker_of("SOF-VUX")
Raise = Callable[[TenantSession, str], Any]


def plainly(session: TenantSession, state: str) -> None:
    session.driver.execute(_raising(state).encode())


def through_the_orm(session: TenantSession, state: str) -> None:
    session.execute(text(_raising(state)))


def _raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'made' USING ERRCODE = '{state}'; END $$"


def accepting(
    world: World, offer: Offer, state: str, how: Raise, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """What accepting is answered where PostgreSQL raises ``state`` in the middle of it."""
    real = service.accept

    def accept(session: TenantSession, *args: Any, **words: Any) -> Any:
        real(session, *args, **words)
        how(session, state)

    monkeypatch.setattr(service, "accept", accept)
    given = {"offerId": global_id("Offer", offer.id), "expectedVersion": offer.version}
    on = str(today() - timedelta(days=90))
    document = mutation("acceptOffer", "offer { id }")
    body = {"input": {"idempotencyKey": f"{state}-{how.__name__}", **given, "on": on}}
    answer: dict[str, Any] = execute(world[ME], document, body)
    monkeypatch.undo()
    return answer


@pytest.fixture(scope="module")
def offer(world: World) -> Offer:
    return world.offer(world.registered(world.case()))


@pytest.mark.parametrize("how", [plainly, through_the_orm])
@pytest.mark.parametrize("state", ["40P01", "40001", "23505", "23P01"])
def test_a_lost_race_is_a_conflict(
    world: World, offer: Offer, state: str, how: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = accepting(world, offer, state, how, monkeypatch)["data"]["acceptOffer"]
    assert (answer["__typename"], answer["rule"]) == ("Conflict", "concurrent_change")
    assert answer["message"] == "Somebody else got there first. Read it again and retry."
    assert world.again(offer).state == "made"


@pytest.mark.parametrize("how", [plainly, through_the_orm])
def test_anything_else_is_a_fault_and_not_hidden(
    world: World, offer: Offer, how: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = accepting(world, offer, "P0001", how, monkeypatch)
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert world.again(offer).state == "made"
