"""What goes from an event loop says and logs the same as what goes from a thread, for its asker alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from hemvist.cases.models import Case
from hemvist.db import Audience
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.identity.standing import Standing, by_subject
from hemvist.ids import new_id
from hemvist.tenancy import tenant_session
from hemvist_graphql.compiled import Unproven
from hemvist_graphql.documents import document
from hemvist_graphql.execution import execute_at_once, execute_text
from hemvist_graphql.ids import global_id
from hemvist_paths import logged_since
from hemvist_reads import DEEP, LIST
from hemvist_world import World, adult, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Two cases, one of a protected household."""
    made = new_world()
    made.housed(made.case())
    made.submitted(made.case(adult(protection="secrecy_mark")))
    return made


def standing_of(actor: Actor) -> Standing:
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        assert actor.principal_id is not None
        who = session.find(Principal, actor.principal_id)
        found = by_subject(actor.tenant_id, who.issuer, who.subject)
    assert found is not None
    return found


def at_once(actor: Actor, standing: Standing, text: str, variables: dict[str, Any]) -> Any:
    proof = standing.proof()
    return asyncio.run(execute_at_once(actor, proof, document(text), variables, None))


@pytest.mark.parametrize("text", [LIST, DEEP], ids=["list", "deep"])
def test_the_same_is_said_and_logged(world: World, text: str) -> None:
    standing = standing_of(world["caseworker SOF-VUX"])
    actor = standing.actor(channel="portal")
    ids = [global_id("Case", case.id) for case in world.rows(Case)]
    for id_ in ids:
        variables = {"id": id_} if "$id" in text else {}
        told = []
        for way in ("thread", "loop"):
            mark = new_id()
            if way == "thread":
                said = execute_text(actor, text, variables, None, standing.proof()).encode()
            else:
                said = at_once(actor, standing, text, variables)
            told.append((said, logged_since(actor, mark)))
        assert told[0] == told[1]
        assert told[0][1] is not None, "it lays persons open"


def test_a_request_that_is_new_is_left_to_a_thread(world: World) -> None:
    standing = standing_of(world["caseworker SOF-VUX"])
    actor = standing.actor(channel="portal")
    text = "{ cases(first: 3) { totalCount edges { node { number } } } }"
    assert at_once(actor, standing, text, {}) is None
    execute_text(actor, text, {}, None, standing.proof())
    assert at_once(actor, standing, text, {}) is not None
    assert at_once(actor, standing, text, {"more": 1.5}) is None


def test_who_does_not_stand_as_they_did_reads_and_logs_nothing(world: World) -> None:
    standing = standing_of(world["caseworker AMF"])
    actor = standing.actor(channel="portal")
    text = "{ cases(first: 4) { totalCount } }"
    execute_text(actor, text, {}, None, standing.proof())
    assert at_once(actor, standing, text, {}) is not None
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        session.execute(
            update(Principal).where(Principal.id == actor.principal_id).values(status="blocked")
        )
    mark = new_id()
    with pytest.raises(Unproven):
        at_once(actor, standing, text, {})
    assert logged_since(actor, mark) is None
