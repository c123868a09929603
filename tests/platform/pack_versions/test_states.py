"""The table of allowed moves: nothing moves but along it, whoever tries and in whatever order."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.clock import now
from hemvist.errors import Conflict, HemvistError
from hemvist.pack_versions import drafting, service
from hemvist.pack_versions.journal import move
from hemvist.pack_versions.models import BINDING, OPEN, STATES, TRANSITIONS, PackVersion
from hemvist_versions import OFFICER, OTHER, Hand, policy_people, soon
from hemvist_world import World, as_owner, new_world

#: Acts and the state that each leads to, from the states where it is allowed.
ACTS: dict[str, tuple[Any, str, dict[str, Any], set[str], str]] = {
    "change": (
        drafting.change_parameter,
        OFFICER,
        {"parameter": "young_adult_to", "value": 19},
        {"draft", "checked", "rejected"},
        "draft",
    ),
    "reschedule": (
        drafting.reschedule,
        OFFICER,
        {"in_force_from": soon(90)},
        {"draft", "checked", "rejected"},
        "draft",
    ),
    "submit": (service.submit, OFFICER, {}, {"checked"}, "submitted"),
    "approve": (service.approve, OTHER, {}, {"submitted"}, "approved"),
    "reject": (service.reject, OTHER, {"reason": "Fel."}, {"submitted"}, "rejected"),
    "freeze": (service.freeze, OFFICER, {"reason": "Vänta."}, {"active"}, "frozen"),
    "resume": (service.resume, OTHER, {}, {"frozen"}, "active"),
    "withdraw": (
        service.withdraw,
        OTHER,
        {"reason": "Bort."},
        {"draft", "checked", "submitted", "approved", "active", "frozen", "rejected"},
        "withdrawn",
    ),
}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return policy_people(new_world())


@pytest.fixture(scope="module")
def hand(world: World) -> Hand:
    """A version that has passed the check; each test puts it into the state it is about."""
    made = Hand.draft(world)
    made.act(service.check)
    assert made.version.state == "checked"
    return made


def put(hand: Hand, state: str) -> None:
    """As if the version had come to ``state``, with the content that was checked."""
    approved = state in {"approved", "active", "frozen", "withdrawn"}
    with as_owner(hand.world.tenant_id) as connection:
        connection.execute(
            "UPDATE pack_versions SET state = %s, checked_hash = content_hash,"
            " approved_at = %s, in_force_from = %s WHERE id = %s",
            (state, now() if approved else None, soon(), hand.version.id),
        )
    hand.version = hand.world.again(hand.version)


def test_the_table_knows_every_state_and_leads_only_to_such() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert {to for targets in TRANSITIONS.values() for to in targets} <= set(STATES)
    assert TRANSITIONS["withdrawn"] == ()
    assert not set(OPEN) & set(BINDING)
    # What has once been approved never becomes a draft again.
    for state in ("approved", "active", "frozen", "withdrawn"):
        assert not set(TRANSITIONS[state]) & {*OPEN, "submitted"}


@pytest.mark.parametrize(("start", "end"), list(product(STATES, STATES)))
def test_a_move_is_in_the_table_or_refused(start: str, end: str) -> None:
    version = PackVersion(state=start)
    if end in TRANSITIONS[start]:
        move(version, end)
        assert version.state == end
    else:
        with pytest.raises(Conflict) as refused:
            move(version, end)
        assert refused.value.rule == "version_state"
        assert version.state == start


@pytest.mark.parametrize(("start", "act"), list(product(STATES, ACTS)))
def test_every_act_in_every_state(hand: Hand, start: str, act: str) -> None:
    verb, who, given, allowed, end = ACTS[act]
    put(hand, start)
    files = hand.files
    if start in allowed:
        assert hand.act(verb, who, **given).state == end
    else:
        with pytest.raises(HemvistError):
            hand.act(verb, who, **given)
        assert hand.world.again(hand.version).state == start
    assert act == "change" or start not in OPEN or hand.files.keys() == files.keys()
    if start not in OPEN:
        assert hand.files == files


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), min_size=3, max_size=8))
def test_any_order_of_acts_walks_along_the_table(world: World, acts: list[str]) -> None:
    """And the history tells the same states as the rows that were seen."""
    hand = Hand.draft(world)
    seen = [hand.version.state]
    for act in acts:
        verb, who, given, _, _ = ACTS[act]
        before = hand.world.again(hand.version)
        try:
            hand.act(verb, who, **given)
        except HemvistError:
            after = hand.world.again(hand.version)
            assert (after.state, after.version, after.content_hash) == (
                before.state,
                before.version,
                before.content_hash,
            )
            continue
        state = hand.version.state
        assert state == before.state or state in TRANSITIONS[before.state]
        seen.append(state)
    from hemvist.pack_versions.models import PackVersionEvent

    told = world.rows(PackVersionEvent, pack_version_id=hand.version.id)
    assert [event.state for event in told] == seen
