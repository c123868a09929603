"""An acute move between three kommuner, as their people carry it out at the API and nothing else.

After every step each kommun's people read all that they may of moves, and another's code stands in it only
for the named handlers of the two who have said yes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.handovers import running
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.identity import Actor
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_network import FIRST, SECOND, Net, new_net
from hemvist_world import caseworker_of

ORIGIN, REFUSES, TAKES = "origin", "refuses", "takes"
DEPARTMENT = "SOF-VUX"
WORKER = caseworker_of(DEPARTMENT)
MARKED = "Ring aldrig före nio, Märkta"
DESK = """{ transfers {
  named { id network person { name } }
  requests { id network state urgency version needs { minRooms services excluded } }
  offers { id network state rooms version unit { id } }
  proposals { id network side state answerBy refusedBecause version movedOn }
  statements { network balance reserved } }
 transferOffice { memberships { code } services coordinators { name } vacant { address }
  networks { code name urgencies { urgency waiting answerHours } } }
 handovers { mine { id side state version fields movedOn case { id number }
  items { id item state note version } handlers { person { name } } } } }"""
LOOK = """query Q($id: ID!) { handoverLook(id: $id) { counterpart
  members { givenName familyName personalNumber } texts { name text } } }"""


@pytest.fixture
def net(database: str) -> Net:
    """Three kommuner, with schools everywhere."""
    names = (ORIGIN, REFUSES, TAKES)
    return new_net(*names, services=dict.fromkeys(names, ("school",)))


def texts_in(value: Any) -> Iterator[str]:
    """Every text anywhere in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def nobody_knows(net: Net) -> None:
    """No person of any kommun reads another's code, wherever they look."""
    for name, world in net.kommuner.items():
        others = {code for other, code in net.codes.items() if other != name}
        for who, actor in world.people.items():
            assert not others & set(texts_in(ask(actor, DESK))), (name, who)


def proposal(net: Net, name: str, state: str = "proposed") -> dict[str, Any]:
    """The kommun's half of what is proposed now."""
    found = ask(net[name][SECOND], DESK)["transfers"]["proposals"]
    [one] = [one for one in found if one["state"] == state]
    return dict(one)


def answer(net: Net, name: str, verb: str, **more: str) -> dict[str, Any]:
    """The kommun's second named person answers."""
    half = proposal(net, name)
    given = {"transferProposalId": half["id"], "expectedVersion": half["version"], **more}
    return command(net[name][SECOND], verb, given, "transferProposal { state }")


def handover(actor: Actor) -> dict[str, Any]:
    """The only handover that the actor is named for."""
    [one] = ask(actor, DESK)["handovers"]["mine"]
    return dict(one)


def begun(net: Net, name: str) -> str:
    """The function begins its half and names the caseworker."""
    world = net[name]
    given = {"transferProposalId": proposal(net, name, "agreed")["id"]}
    row = command(world[FIRST], "startHandover", given, "handover { id }")["handover"]
    worker = global_id("Principal", world[WORKER].principal_id)  # type: ignore[arg-type]
    named = {"handoverId": row["id"], "principalId": worker}
    command(world[FIRST], "nameHandoverHandler", named, "handoverHandler { id }")
    return str(row["id"])


def test_from_a_threat_to_a_home(net: Net) -> None:
    origin, refuses, takes = net[ORIGIN], net[REFUSES], net[TAKES]
    code = net.content["code"]
    case = origin.case(department=DEPARTMENT)
    last = str(today() + timedelta(days=60))
    # The one in the third kommun has a room too many, so it comes second.
    for world, rooms in ((refuses, 2), (takes, 3)):
        flat = {"network": code, "unitId": global_id("Unit", world.unit(rooms=rooms).id)}
        offered = command(
            world[FIRST], "offerToNetwork", {**flat, "lastOn": last}, "transferOffer { state }"
        )
        assert offered["transferOffer"]["state"] == "offered"
    net.run()

    asked = {
        "caseId": global_id("Case", case.id),
        "network": code,
        "urgency": "acute",
        "minRooms": 2,
        "maxExtraRooms": 1,
        "stepFree": False,
        "services": ["school"],
    }
    request = command(
        origin[WORKER], "prepareTransferRequest", asked, "transferRequest { id version }"
    )["transferRequest"]
    opening = {"transferRequestId": request["id"], "expectedVersion": request["version"]}
    early = command(origin[WORKER], "openTransferRequest", opening, "__typename")
    assert early["__typename"] == "NotFound"
    command(origin[FIRST], "openTransferRequest", opening, "transferRequest { state }")
    net.run()
    nobody_knows(net)

    # The first says no, and the network has another at once.
    no = answer(net, REFUSES, "refuseTransfer", because="capacity")
    assert no["transferProposal"]["state"] == "refused"
    net.run()
    nobody_knows(net)
    for name in (TAKES, ORIGIN):
        yes = answer(net, name, "acceptTransfer")
        assert yes["transferProposal"]["state"] == "accepted"
        nobody_knows(net)
    net.run()

    # Both have said yes: still nobody reads who it is but those who are named for the handover.
    leaving, coming = begun(net, ORIGIN), begun(net, TAKES)
    nobody_knows(net)
    for name, row, other in ((ORIGIN, leaving, TAKES), (TAKES, coming, ORIGIN)):
        for who, actor in net[name].people.items():
            seen = ask(actor, LOOK, id=row)["handoverLook"]
            assert (seen and seen["counterpart"]) == (
                net.codes[other] if who in (FIRST, WORKER) else None
            ), (name, who)
    for actor in refuses.people.values():
        assert ask(actor, LOOK, id=leaving) == ask(actor, LOOK, id=coming)
        assert ask(actor, LOOK, id=leaving)["handoverLook"] is None

    # Told once, carried sealed, opened and taken in under another alias.
    tell = {"handoverId": leaving, "threat": MARKED, "ground": "osl_10_2"}
    tell["expectedVersion"] = handover(origin[WORKER])["version"]
    told = command(origin[WORKER], "sendHandover", tell, "handover { state }")
    assert told["handover"]["state"] == "sent"
    assert running.run(origin.tenant_id) == 1
    takes.case(department=DEPARTMENT)
    opened = command(
        takes[WORKER], "openHandoverParcel", {"handoverId": coming}, "handover { version }"
    )
    seen = ask(takes[WORKER], LOOK, id=coming)["handoverLook"]
    assert seen["texts"] == [{"name": "threat", "text": MARKED}]
    take = {
        "handoverId": coming,
        "department": DEPARTMENT,
        "expectedVersion": opened["handover"]["version"],
    }
    taken = command(
        takes[WORKER],
        "takeInHandover",
        take,
        "handover { version case { id household { alias } } }",
    )["handover"]
    alias = "query Q($id: ID!) { case(id: $id) { household { alias } } }"
    before = ask(origin[WORKER], alias, id=asked["caseId"])["case"]["household"]["alias"]
    assert taken["case"]["household"]["alias"] != before

    for item in BEFORE_MOVING_IN:
        line = {"handoverId": coming, "item": item, "state": "done", "expectedVersion": 1}
        command(takes[WORKER], "settleHandoverItem", line, "handoverItem { state }")
    moved = {"handoverId": coming, "expectedVersion": taken["version"]}
    done = command(takes[FIRST], "recordHandoverMove", moved, "handover { state }")
    assert done["handover"]["state"] == "moved"
    net.run()
    for world in (origin, takes):
        running.run(world.tenant_id)

    # In the origin everybody in the case reads that it moved, and only the named where to.
    of_case = "query Q($id: ID!) { case(id: $id) { transferRequests { state closedOn } } }"
    found = ask(origin[f"manager {DEPARTMENT}"], of_case, id=asked["caseId"])["case"]
    assert found["transferRequests"] == [{"state": "moved", "closedOn": str(today())}]
    nobody_knows(net)
    assert handover(origin[WORKER])["state"] == "moved"
    # The new kommun's case is its own, and goes its own way from here.
    steps = "query Q($id: ID!) { case(id: $id) { state nextSteps { role } } }"
    theirs = ask(takes[WORKER], steps, id=taken["case"]["id"])["case"]
    assert theirs["state"].lower() == "open" and theirs["nextSteps"]
