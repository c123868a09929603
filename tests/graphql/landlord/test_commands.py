"""The door before an act: what is not seen is not there, and nothing is done twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import strawberry

from hemvist.db import Audience
from hemvist.errors import Conflict, HemvistError, NotFound
from hemvist.identity import Actor
from hemvist.outbox import OutboxEvent, emit
from hemvist.tenancy import tenant_session
from hemvist.units.models import Unit
from hemvist_graphql.inputs import refers_to
from hemvist_graphql.landlord.commands import Act, Command, carry_out
from hemvist_graphql.landlord.context import Context
from hemvist_graphql.landlord.refusals import harmless, refusal
from hemvist_graphql.landlord.schema import schema
from hemvist_landlord_api import ask
from hemvist_landlords import administrator, opened, shut, somebody
from hemvist_world import ORGANISATION_NUMBER, World, new_world

OTHER = {"landlord_organisation_number": "5560360793", "landlord_name": "Annan värd AB"}


@strawberry.input
class TouchInput:
    """A unit, perhaps another, and a kommun."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    second_id: strawberry.ID | None = refers_to("Unit", default=None)
    kommun_id: strawberry.ID | None = refers_to("Kommun", default=None)
    word: str = ""


def touch(act: Act, values: dict[str, Any]) -> Unit:
    """Something is done to a unit, and told of."""
    assert act.seen["unit_id"]["landlord_id"] == act.landlord_id
    assert "kommun_id" not in values
    emit(act.session, "touched", {"unit_id": values["unit_id"], "word": values["word"]})
    if values["word"] == "stale":
        raise Conflict("stale_version", "Anna Andersson changed it", expected=1, current=2)
    return act.session.find(Unit, values["unit_id"])


TOUCH = Command("touch", TouchInput, touch, "TouchDone", "Unit")
#: An input that was refused: of it a refusal names a field.
SENT = TouchInput(idempotency_key="x", unit_id="x")  # type: ignore[arg-type]


@dataclass(frozen=True)
class Let:
    one: World
    two: World
    landlord_id: UUID
    agent: Actor
    units: list[str]
    theirs: str


def ids(actor: Actor) -> list[str]:
    data = ask(actor, "{ units { edges { node { id kommun { id } } } } }")
    return [edge["node"]["id"] for edge in data["units"]["edges"]]


@pytest.fixture(scope="module")
def let(database: str) -> Let:
    schema()
    one, two = new_world(), new_world()
    landlord_id = opened(one.tenant_id, ORGANISATION_NUMBER)
    opened(two.tenant_id, ORGANISATION_NUMBER)
    other_id = opened(two.tenant_id, OTHER["landlord_organisation_number"])
    two.unit()
    one.unit()
    two.unit(**OTHER)
    agent = administrator(one.tenant_id, landlord_id).actor
    other = administrator(two.tenant_id, other_id).actor
    return Let(one, two, landlord_id, agent, ids(agent), ids(other)[0])


def act(actor: Actor, **given: Any) -> UUID:
    given = {"idempotency_key": str(uuid4()), **given}
    context = Context(actor)
    try:
        return carry_out(context, TOUCH, TouchInput(**given))
    finally:
        context.abandon()


def told(world: World) -> int:
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        return session.query(OutboxEvent).filter_by(type="touched").count()


def test_it_is_done_once_in_the_kommun_concerned_by_its_own_principal(let: Let) -> None:
    before = told(let.one), told(let.two)
    key = str(uuid4())
    first = act(let.agent, unit_id=let.units[0], idempotency_key=key)
    assert act(let.agent, unit_id=let.units[0], idempotency_key=key) == first
    assert (told(let.one), told(let.two)) == (before[0] + 1, before[1])
    with pytest.raises(Conflict) as reused:
        act(let.agent, unit_id=let.units[0], idempotency_key=key, word="other")
    assert reused.value.rule == "idempotency_key_reused"


def test_what_is_not_seen_is_not_there(let: Let) -> None:
    before = told(let.one), told(let.two)
    words = []
    for wrong in (
        {"unit_id": let.theirs},
        {"unit_id": "Unit_" + uuid4().hex},
        {"unit_id": "Kommun_" + uuid4().hex},
        {"unit_id": "x"},
        {"unit_id": let.units[0], "second_id": let.theirs},
        # Each is the caller's own, but they are of two kommuner.
        {"unit_id": let.units[0], "second_id": let.units[1]},
    ):
        with pytest.raises(NotFound) as found:
            act(let.agent, **wrong)
        words.append(refusal(found.value, SENT).message(lang="en"))
        with pytest.raises(NotFound):
            act(somebody("Ingen"), **wrong)
    assert len(set(words)) == 1
    assert (told(let.one), told(let.two)) == before


def test_ones_own_kommun_and_unit(let: Let) -> None:
    kommuner = ask(let.agent, "{ units { edges { node { id kommun { id } } } } }")["units"]["edges"]
    here, there = (edge["node"] for edge in kommuner)
    act(let.agent, unit_id=here["id"], kommun_id=here["kommun"]["id"])
    with pytest.raises(NotFound):
        act(let.agent, unit_id=here["id"], kommun_id=there["kommun"]["id"])


def test_a_refusal_undoes_it_and_names_nobody(let: Let) -> None:
    before = told(let.one)
    with pytest.raises(HemvistError) as refused:
        act(let.agent, unit_id=let.units[0], word="stale")
    assert told(let.one) == before
    said = refusal(refused.value, SENT)
    assert (said.rule, said.field) == ("stale_version", "unitId")
    for lang in ("sv", "en"):
        assert "Anna" not in said.message(lang=lang)


def test_what_a_refusal_may_be_made_of() -> None:
    params = {"limit": 3, "state": "let", "who": "Anna Andersson", "of": ["a", "Åsa"], "n": None}
    assert harmless(params) == {"limit": 3, "state": "let", "n": None}


def test_a_door_that_is_shut_lets_no_act_through(let: Let) -> None:
    third = new_world()
    opened(third.tenant_id, ORGANISATION_NUMBER)
    unit = third.unit()
    row_id = f"Unit_{unit.id.hex}"
    act(let.agent, unit_id=row_id)
    shut(third.tenant_id, let.landlord_id)
    with pytest.raises(NotFound):
        act(let.agent, unit_id=row_id)
    assert told(third) == 1
