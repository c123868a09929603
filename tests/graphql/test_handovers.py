"""Handovers at the API: for the named, and nothing to anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.identity import Actor, Membership, Role
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_handover import DEPARTMENT, MARKED, WORKER, Agreed, agreed
from hemvist_network import FIRST, SECOND, Net, new_net

COLLEAGUE = f"another caseworker {DEPARTMENT}"
MINE = """{ handovers { mine { id side state version fields movedOn case { id }
  items { id item state note version } handlers { id person { id } } } }
  handoverCandidates { id name } }"""
TODAY = "{ today { handoversToGoOn { id state arrived items { id } } } }"
LOOK = """query Q($id: ID!) { handoverLook(id: $id) { counterpart flat
  members { role givenName familyName personalNumber protection } texts { name text } } }"""


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    net = new_net("A", "B")
    for name in "AB":
        net[name].add(COLLEAGUE, Membership(Role.CASEWORKER, DEPARTMENT))
    return net


def begin(net: Net, move: Agreed, name: str) -> str:
    """The side's half, begun by its function, with its caseworker named."""
    world = net[name]
    given = {"transferProposalId": global_id("TransferProposal", move.proposal(name).id)}
    row = command(world[FIRST], "startHandover", given, "handover { id side state }")["handover"]
    worker = global_id("Principal", world[WORKER].principal_id)  # type: ignore[arg-type]
    found = ask(world[FIRST], MINE)["handoverCandidates"]
    assert worker in {one["id"] for one in found}
    naming = {"handoverId": row["id"], "principalId": worker}
    named = command(
        world[FIRST], "nameHandoverHandler", naming, "handoverHandler { person { id } }"
    )
    assert named["handoverHandler"]["person"]["id"] == worker
    again = command(world[FIRST], "startHandover", given, "__typename")
    assert again["__typename"] == "Conflict"
    return str(row["id"])


def waits(actor: Actor, handover_id: str) -> bool | None:
    """Whether the day's work has the handover, and what is told of it has arrived."""
    found = ask(actor, TODAY)["today"]["handoversToGoOn"]
    return next((one["arrived"] for one in found if one["id"] == handover_id), None)


def seen(actor: Actor, handover_id: str) -> dict[str, Any]:
    """The half as the actor sees it."""
    found: list[dict[str, Any]] = ask(actor, MINE)["handovers"]["mine"]
    return next(one for one in found if one["id"] == handover_id)


def test_from_yes_to_moved(net: Net) -> None:
    move = agreed(net, "A", "B")
    origin, destination = begin(net, move, "A"), begin(net, move, "B")
    a, b = net["A"], net["B"]
    assert ask(a[WORKER], LOOK, id=origin)["handoverLook"] == {
        "counterpart": net.codes["B"],
        "flat": None,
        "members": [],
        "texts": [],
    }
    tell = {
        "handoverId": origin,
        "threat": MARKED,
        "ground": "consent",
        "consentOn": str(today()),
        "expectedVersion": seen(a[WORKER], origin)["version"],
    }
    sent = command(a[WORKER], "sendHandover", tell, "handover { state fields }")["handover"]
    assert sent == {"state": "sent", "fields": ["identity", "threat"]}
    opening = {"handoverId": destination}
    early = command(b[WORKER], "openHandoverParcel", opening, "__typename")
    assert early["__typename"] == "Conflict"
    assert waits(b[WORKER], destination) is False
    assert move.carried() == 1
    assert waits(b[WORKER], destination) is True
    assert waits(a[WORKER], origin) is False
    for who in (a[FIRST], a[COLLEAGUE], b[COLLEAGUE], b[SECOND]):
        assert waits(who, destination) is None
    assert ask(b[WORKER], LOOK, id=destination)["handoverLook"]["texts"] == []

    done = command(b[WORKER], "openHandoverParcel", opening, "handover { state version }")
    assert done["handover"]["state"] == "opened"
    look = ask(b[WORKER], LOOK, id=destination)["handoverLook"]
    assert look["counterpart"] == net.codes["A"]
    assert look["flat"]
    assert look["texts"] == [{"name": "threat", "text": MARKED}]
    assert look["members"] and all(one["personalNumber"] for one in look["members"])
    events = [one.details.get("event") for one in b.rows(AuditEntry, action="transfer.read")]
    assert events.count("parcel_opened") == events.count("parcel_read") == 1

    taking = {**opening, "department": DEPARTMENT, "expectedVersion": done["handover"]["version"]}
    taken = command(b[WORKER], "takeInHandover", taking, "handover { state version case { id } }")
    assert taken["handover"]["state"] == "taken_in" and taken["handover"]["case"]
    moved = {**opening, "expectedVersion": taken["handover"]["version"]}
    still = command(b[FIRST], "recordHandoverMove", moved, "__typename")
    assert still["rule"] == "checklist_open"
    for item in BEFORE_MOVING_IN:
        line = {**opening, "item": item, "state": "done", "note": MARKED, "expectedVersion": 1}
        settled = command(
            b[WORKER], "settleHandoverItem", line, "handoverItem { item state note version }"
        )["handoverItem"]
        assert settled == {"item": item, "state": "done", "note": MARKED, "version": 2}
    over = command(b[FIRST], "recordHandoverMove", moved, "handover { state movedOn }")
    assert over["handover"] == {"state": "moved", "movedOn": str(today())}
    # Lines of the checklist are left; and where they live is shown as any protected address is.
    assert waits(b[WORKER], destination) is True
    assert ask(b[WORKER], LOOK, id=destination)["handoverLook"]["flat"] is None


def test_to_others_there_is_no_such_thing(net: Net) -> None:
    move = agreed(net, "A", "B")
    handover = begin(net, move, "A")
    row = {"handoverId": handover}
    version = {"expectedVersion": 1}
    person = {"principalId": global_id("Principal", net["A"][WORKER].principal_id)}  # type: ignore[arg-type]
    acts: dict[str, dict[str, Any]] = {
        "nameHandoverHandler": person,
        "endHandoverHandler": person,
        "settleHandoverItem": {"item": "school", "state": "done", **version},
        "sendHandover": {"ground": "osl_10_2", **version},
        "openHandoverParcel": {},
        "takeInHandover": {"department": DEPARTMENT, **version},
        "recordHandoverMove": version,
    }
    for who in (net["A"][COLLEAGUE], net["A"]["property"], net["B"][FIRST], net["B"][WORKER]):
        assert handover not in {one["id"] for one in ask(who, MINE)["handovers"]["mine"]}
        assert ask(who, LOOK, id=handover) == {"handoverLook": None}
        for name, given in acts.items():
            result = command(who, name, {**row, **given}, "__typename")
            assert result["__typename"] == "NotFound", name
    # Another of the function sees it only when named.
    assert ask(net["A"][SECOND], LOOK, id=handover) == {"handoverLook": None}
    assert ask(net["A"][COLLEAGUE], MINE)["handoverCandidates"] == []


def test_whoever_is_named_no_longer_sees_nothing(net: Net) -> None:
    handover = begin(net, agreed(net, "A", "B"), "A")
    a = net["A"]
    given = {
        "handoverId": handover,
        "principalId": global_id("Principal", a[WORKER].principal_id),  # type: ignore[arg-type]
    }
    assert seen(a[WORKER], handover)["handlers"]
    left = command(a[FIRST], "endHandoverHandler", given, "handover { handlers { id } }")
    assert len(left["handover"]["handlers"]) == 1
    assert ask(a[WORKER], LOOK, id=handover) == {"handoverLook": None}
    assert handover not in {one["id"] for one in ask(a[WORKER], MINE)["handovers"]["mine"]}
