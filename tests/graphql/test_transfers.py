"""Protected moves at the API: the own part of whoever is named, and nothing to anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.identity import Membership, Role
from hemvist.transfers.models import TransferOffer as OfferRow
from hemvist.transfers.models import TransferOverride
from hemvist.transfers.proposal_models import TransferProposal as ProposalRow
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_network import ADMIN, FIRST, SECOND, Net, new_net
from hemvist_paths import without_plans
from hemvist_world import caseworker_of

DESK = """{ transfers {
  named { id network role version person { id name } }
  requests { id network state urgency version needs { minRooms services excluded } case { id } }
  offers { id state rooms version unit { id } }
  proposals { id side state answerBy version request { id } offer { id } }
  statements { balance reserved } }
  transferOffice { memberships { code } vacant { id } coordinators { id }
   onOffer { id address }
   networks { code name wanted named debtLimit takeCap promised answered hours expired services
    roundDays free unproposed room heldBack sooner
    urgencies { urgency waiting answerHours } } } }"""
TODAY = """{ today { transfersToAnswer { id answerBy } transfersToOpen { id }
  transfersToHandOver { id } handoversToGoOn { id } } }"""
NOTHING = {"named": [], "requests": [], "offers": [], "proposals": [], "statements": []}


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    net = new_net("A", "B", "C", services={"B": ("school",)})
    for name in "ABC":
        net[name].add("unnamed", Membership(Role.TRANSFER_COORDINATOR))
    return net


def desk(net: Net, name: str, who: str) -> dict:  # type: ignore[type-arg]
    found = ask(net[name][who], DESK)
    return {**found["transfers"], **found["transferOffice"]}


def day(net: Net, name: str, who: str) -> dict[str, list[str]]:
    """The day's lists that have rows, as ids."""
    found = ask(net[name][who], TODAY)["today"]
    return {key: [row["id"] for row in rows] for key, rows in found.items() if rows}


def test_from_a_case_to_a_yes_on_both_sides(net: Net) -> None:
    a, b = net["A"], net["B"]
    code = net.content["code"]
    case = a.case()
    worker = caseworker_of(case.department)
    said = {
        "caseId": global_id("Case", case.id),
        "network": code,
        "urgency": "acute",
        "minRooms": 2,
        "maxExtraRooms": 1,
        "stepFree": False,
        "services": ["school"],
        "excluded": [net.codes["C"]],
    }
    prepared = command(
        a[worker], "prepareTransferRequest", said, "transferRequest { id version state }"
    )["transferRequest"]
    assert prepared["state"] == "prepared"
    of_case = ask(
        a[worker],
        "query Q($id: ID!) { case(id: $id) { transferRequests { id network needs { excluded } } } }",
        id=said["caseId"],
    )["case"]["transferRequests"]
    assert [one["network"] for one in of_case] == [code]
    assert set(of_case[0]["needs"]["excluded"]) == {net.codes["C"], net.codes["A"]}
    assert day(net, "A", FIRST) == {"transfersToOpen": [prepared["id"]]}
    assert day(net, "A", worker) == day(net, "A", "unnamed") == day(net, "B", FIRST) == {}
    given = {"transferRequestId": prepared["id"], "expectedVersion": prepared["version"]}
    opened = command(a[FIRST], "openTransferRequest", given, "transferRequest { state version }")
    assert opened["transferRequest"]["state"] == "open"

    unit = b.unit(rooms=2)
    flat = {
        "network": code,
        "unitId": global_id("Unit", unit.id),
        "lastOn": str(today() + timedelta(days=60)),
    }
    offered = command(b[FIRST], "offerToNetwork", flat, "transferOffer { state unit { id } }")
    assert offered["transferOffer"]["state"] == "offered"
    net.run()
    net.run()
    for name, side in (("A", "sending"), ("B", "receiving")):
        [proposal] = desk(net, name, SECOND)["proposals"]
        assert (proposal["side"], proposal["state"]) == (side, "proposed")
        assert (proposal["request"] is None, proposal["offer"] is None) == (
            side == "receiving",
            side == "sending",
        )
        assert day(net, name, FIRST) == {"transfersToAnswer": [proposal["id"]]}
        assert day(net, name, "unnamed") == {}
        yes = {"transferProposalId": proposal["id"], "expectedVersion": proposal["version"]}
        done = command(net[name][SECOND], "acceptTransfer", yes, "transferProposal { state }")
        assert done["transferProposal"]["state"] == "accepted"
        assert day(net, name, FIRST) == {}
    net.run()
    net.run()
    assert [one["state"] for one in desk(net, "A", FIRST)["proposals"]] == ["agreed"]
    assert set(day(net, "A", FIRST)) == set(day(net, "B", SECOND)) == {"transfersToHandOver"}
    assert day(net, "A", "unnamed") == day(net, "C", FIRST) == {}


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    "asked",
    [
        "proposals { id }",
        "proposals { side }",
        "proposals { __typename }",
        "proposals { offer { rooms } }",
        "proposals { state answerBy version }",
        "offers { rooms }",
    ],
)
def test_each_look_is_logged_whatever_is_asked(net: Net, asked: str, compiled: bool) -> None:
    b = net["B"]
    wanted = {one.id for one in b.rows(ProposalRow if "proposals" in asked else OfferRow)}
    if "offer {" in asked:
        wanted |= {one.offer_id for one in b.rows(ProposalRow)}
    assert wanted
    before = len(b.rows(AuditEntry, kind="read"))
    if compiled:
        ask(b[FIRST], f"query Look {{ transfers {{ {asked} }} }}")
    else:
        with without_plans():
            ask(b[FIRST], f"query Look {{ transfers {{ {asked} }} }}")
    [entry] = b.rows(AuditEntry, kind="read")[before:]
    assert (entry.action, entry.principal_id) == ("Look", b[FIRST].principal_id)
    assert set(entry.details["looked_at"]) == {str(one) for one in wanted}
    assert len(entry.details["looked_at"]) == len(wanted)


def test_where_there_is_nothing_to_see_no_look_is_logged(net: Net) -> None:
    for name, who in (("B", "unnamed"), ("C", FIRST)):
        before = len(net[name].rows(AuditEntry, kind="read"))
        ask(net[name][who], "{ transfers { proposals { id state } offers { rooms } } }")
        assert len(net[name].rows(AuditEntry, kind="read")) == before


def test_the_days_list_is_a_look_as_well(database: str) -> None:
    net = new_net("A", "B")
    net.request("A")
    net.offer("B")
    net.run()
    half = net.proposal("B")
    before = len(net["B"].rows(AuditEntry, kind="read"))
    assert day(net, "B", SECOND) == {"transfersToAnswer": [global_id("TransferProposal", half.id)]}
    [entry] = net["B"].rows(AuditEntry, kind="read")[before:]
    assert entry.details["looked_at"] == [str(half.id)]


def test_beside_the_plan(database: str) -> None:
    """Asked of a member with a reason, and of none that is out of the question."""
    net = new_net("A", "B", "C")
    net["A"].add("unnamed", Membership(Role.TRANSFER_COORDINATOR))
    request = net.request("A")
    net.offer("B")
    net.run()
    net.offer("C")
    row = net["A"].again(request)
    given = {
        "transferRequestId": global_id("TransferRequest", row.id),
        "expectedVersion": row.version,
        "kommun": net.codes["C"],
        "reason": "Vi har talat med dem.",
    }
    for who in (net["A"]["unnamed"], net["B"][FIRST]):
        result = command(who, "overrideTransferRequest", given, "__typename")
        assert result["__typename"] == "NotFound"
    excluded = {**given, "kommun": net.codes["A"]}
    result = command(net["A"][SECOND], "overrideTransferRequest", excluded, "__typename")
    assert [one["rule"] for one in result["problems"]] == ["not_possible"]
    done = command(net["A"][SECOND], "overrideTransferRequest", given, "transferRequest { id }")
    assert done["transferRequest"]["id"] == given["transferRequestId"]
    [kept] = net["A"].rows(TransferOverride, request_id=request.id)
    assert b"Vi har talat" not in kept.reason_sealed
    net.run()
    assert net.proposal("C").state == "proposed"


def test_the_levers_are_the_own_kommuns(net: Net) -> None:
    [network] = desk(net, "B", FIRST)["networks"]
    assert (network["wanted"], network["named"], network["promised"]) == (2, 2, 1)
    assert (network["answered"], network["expired"]) == (1, 0)
    assert [one["waiting"] for one in network["urgencies"]] == [0, 0, 0]
    assert [one["answerHours"] for one in network["urgencies"]] == [24, 72, 120]
    assert (network["roundDays"], network["free"], network["heldBack"]) == (14, 0, 0)
    assert (network["room"], network["unproposed"], network["sooner"]) == (2, 0, 0)


@pytest.mark.parametrize("who", ["unnamed", "caseworker AMF", "property"])
def test_to_others_there_is_no_such_thing(net: Net, who: str) -> None:
    for name in "ABC":
        found = desk(net, name, who)
        assert {key: found[key] for key in NOTHING} == NOTHING
        assert (found["networks"], found["vacant"], found["coordinators"]) == ([], [], [])
        assert found["onOffer"] == []


def test_a_third_kommun_has_only_its_own(net: Net) -> None:
    found = desk(net, "C", FIRST)
    assert (found["requests"], found["offers"], found["proposals"]) == ([], [], [])
    assert len(found["named"]) == 2


def test_who_is_not_named_can_do_nothing(net: Net) -> None:
    [offer] = desk(net, "B", FIRST)["offers"]
    [proposal] = desk(net, "B", FIRST)["proposals"]
    for name, given in (
        ("withdrawTransferOffer", {"transferOfferId": offer["id"], "because": "unfit"}),
        ("acceptTransfer", {"transferProposalId": proposal["id"]}),
        ("refuseTransfer", {"transferProposalId": proposal["id"], "because": "other"}),
    ):
        for who in (net["B"]["unnamed"], net["A"][FIRST], net["C"][FIRST]):
            result = command(who, name, {**given, "expectedVersion": 1}, "__typename")
            assert result["__typename"] == "NotFound", name


def test_the_administrator_names_and_ends(net: Net) -> None:
    c = net["C"]
    given = {
        "network": net.content["code"],
        "principalId": global_id("Principal", c["unnamed"].principal_id),
        "role": "operative",
    }
    named = command(c[ADMIN], "nameTransferPerson", given, "transferNaming { id version }")
    assert len(desk(net, "C", "unnamed")["named"]) == 3
    found = named["transferNaming"]
    end = {"transferNamingId": found["id"], "expectedVersion": found["version"]}
    assert command(c[FIRST], "endTransferNaming", end, "__typename")["__typename"] == "NotAllowed"
    for who in ("property", "caseworker AMF"):
        result = command(c[who], "endTransferNaming", end, "__typename")
        assert result["__typename"] == "NotFound"
    command(c[ADMIN], "endTransferNaming", end, "transferNaming { until }")
    assert desk(net, "C", "unnamed")["named"] == []


def test_a_refusal_is_coded_and_a_request_taken_back(net: Net) -> None:
    request = net.request("A", services=("school",))
    net.offer("B")
    net.run()
    net.run()
    [proposal] = [
        one for one in desk(net, "B", FIRST)["proposals"] if one["state"] == "proposed"
    ] or [None]
    if proposal is not None:
        no = {
            "transferProposalId": proposal["id"],
            "expectedVersion": proposal["version"],
            "because": "nonsense",
        }
        assert (
            command(net["B"][SECOND], "refuseTransfer", no, "__typename")["__typename"]
            == "ValidationFailed"
        )
        no["because"] = "no_support"
        done = command(
            net["B"][SECOND], "refuseTransfer", no, "transferProposal { state refusedBecause }"
        )
        assert done["transferProposal"] == {"state": "refused", "refusedBecause": "no_support"}
    row = net["A"].again(request)
    back = {
        "transferRequestId": global_id("TransferRequest", request.id),
        "because": "household_declines",
        "expectedVersion": row.version,
    }
    done = command(net["A"][SECOND], "withdrawTransferRequest", back, "transferRequest { state }")
    assert done["transferRequest"]["state"] == "withdrawn"
    assert all(one["id"] != back["transferRequestId"] for one in desk(net, "A", FIRST)["requests"])


LOG = "query Log($days: Int! = 31) { transferLog(days: $days) { at person action event rows } }"


def test_the_log_reviewer_reads_who_did_what_and_of_nobody(database: str) -> None:
    net = new_net("A", "B")
    b = net["B"]
    b.add("reviewer", Membership(Role.LOG_REVIEWER))
    net.request("A")
    net.offer("B")
    net.run()
    desk(net, "B", SECOND)
    half = net.refuse("B")
    found = ask(b["reviewer"], LOG)["transferLog"]
    acts = [(one["person"], one["action"], one["event"]) for one in reversed(found)]
    assert acts[-3:] == [
        (b[FIRST].name, "transfer.offer", "offered"),
        (b[SECOND].name, "transfer.read", "looked"),
        (b[SECOND].name, "transfer.answer", "refused"),
    ]
    # One proposal and one flat were on the page.
    assert found[1]["rows"] == 2
    for hidden in (half.id, half.slip, half.offer_id):
        assert str(hidden) not in str(found) and hidden.hex not in str(found)
    # Nor is it there for those whom it is about, or for another kommun's reviewer.
    net["A"].add("reviewer", Membership(Role.LOG_REVIEWER))
    assert ask(b[FIRST], LOG)["transferLog"] == ask(b[ADMIN], LOG)["transferLog"] == []
    theirs = ask(net["A"]["reviewer"], LOG)["transferLog"]
    assert {one["event"] for one in theirs} == {"named", "prepared", "opened"}
    assert [one.principal_id for one in b.rows(AuditEntry, action="log.review")] == [
        b["reviewer"].principal_id
    ]
