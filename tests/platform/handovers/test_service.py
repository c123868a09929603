"""A handover from beginning to end: who is told what, and who never is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import Conflict, HemvistError, NotAllowed, NotFound, ValidationFailed
from hemvist.handovers import access, running, service, taking_in
from hemvist.handovers.checklist import BEFORE_MOVING_IN, ITEMS
from hemvist.handovers.content import PARCEL_BYTES, Told, ToldPerson
from hemvist.handovers.models import Handover, HandoverItem, HandoverParcel
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.protection import OF_ANOTHER
from hemvist.households.service import open_number
from hemvist.identity import Membership, Role
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import SealBroken
from hemvist.transfer_ledger import service as ledger
from hemvist.transfers.models import TransferRequest
from hemvist_handover import DEPARTMENT, MARKED, WORKER, Agreed, agreed
from hemvist_network import FIRST, SECOND, Net, new_net
from hemvist_world import adult, as_owner, at_once

COLLEAGUE = f"another caseworker {DEPARTMENT}"
TABLES = ("handovers", "handover_handlers", "handover_items", "handover_parcels", "audit_entries")


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    """Three kommuner."""
    made = new_net("A", "B", "C")
    for name in ("A", "B"):
        made[name].add(COLLEAGUE, Membership(Role.CASEWORKER, DEPARTMENT))
    return made


@pytest.fixture
def move(net: Net) -> Agreed:
    """A move from A to B that both have begun to hand over."""
    made = agreed(net, "A", "B")
    made.begin("A")
    made.begin("B")
    return made


def refused(error: type[HemvistError], act: Callable[..., Any], **arguments: Any) -> Any:
    with pytest.raises(error) as raised:
        act(**arguments)
    return raised.value


def test_from_yes_to_moved(net: Net, move: Agreed) -> None:
    origin, destination = net["A"], net["B"]
    sent = move.send()
    assert (sent.state, sent.fields) == ("sent", ["identity", "threat"])
    assert move.carried() == 1

    told = destination.act(WORKER, service.open_parcel, handover_id=move.handover("B").id)
    case = origin.rows(Case, id=move.request.case_id)[0]
    members = origin.rows(HouseholdMember, household_id=case.household_id)
    people = {open_number(origin.rows(Person, id=one.person_id)[0]) for one in members}
    assert {one.personal_number for one in told.members} == people
    assert told.texts == {"threat": MARKED}
    assert move.handover("B").state == "opened"

    taken = move.take_in()
    new = destination.rows(Household, id=taken.household_id)[0]
    registered = [
        destination.rows(Person, id=one.person_id)[0]
        for one in destination.rows(HouseholdMember, household_id=new.id)
    ]
    assert {open_number(one) for one in registered} == people
    # Whatever the origin held, nobody is unprotected before it was asked for here.
    assert all(one.is_protected for one in registered)
    # Nor by what the register says of them, which knows of no threat.
    assert {one.protection_source for one in registered} == {OF_ANOTHER}
    assert destination.rows(Case, id=taken.case_id)[0].household_id == new.id

    still = refused(Conflict, move.moved)
    assert still.params["items"] == sorted(BEFORE_MOVING_IN)
    move.settle("B", *BEFORE_MOVING_IN)
    assert move.moved().moved_on == today()
    assert move.proposal("B").state == "moved"

    move.letter("A", "moved", on=today())
    move.carried()
    running.run(destination.tenant_id)
    assert move.handover("A").state == "moved"
    # Whoever works in the case reads that it moved; the named read where to.
    case_id = move.request.case_id
    for who in (WORKER, COLLEAGUE):
        assert origin.act(who, service.moved_on, case_id=case_id) == today()
    row = move.handover("A")
    assert origin.act(WORKER, service.look, handover_id=row.id).counterpart == (net.codes["B"])
    refused(NotFound, origin.act, who=COLLEAGUE, verb=service.look, handover_id=row.id)


def test_through_the_network(database: str) -> None:
    """As the worker does it: with the network's own letters, and its ledger."""
    net = new_net("A", "B")

    def balances() -> list[int]:
        with tenant_session(Audience.EXCHANGE, net.id) as session:
            found = ledger.positions(session)
        return [n for name in "AB" for n in astuple(found[net[name].tenant_id])]

    request, offer = net.request("A"), net.offer("B")
    net.run()
    for name in ("A", "B"):
        net.accept(name)
    net.run()
    slips = {name: net.proposal(name).slip for name in ("A", "B")}
    move = Agreed(net, "A", "B", request, offer, slips)
    for name in ("A", "B"):
        move.begin(name)
    move.send()
    move.carried()
    move.take_in()
    move.settle("B", *BEFORE_MOVING_IN)
    assert balances() == [0, -1, 0, 1]
    move.moved()
    refused(Conflict, move.moved)
    for _ in range(2):
        net.run()
        for name in ("A", "B"):
            running.run(net[name].tenant_id)
    assert balances() == [-1, 0, 1, 0]
    assert [move.handover(name).state for name in ("A", "B")] == ["moved", "moved"]


def test_the_destination_is_forgotten(net: Net, move: Agreed) -> None:
    move.send()
    move.carried()
    move.take_in()
    move.settle("A", "school")
    move.settle("B", *BEFORE_MOVING_IN)
    move.moved()
    move.letter("A", "moved", on=today())
    for name in ("A", "B"):
        running.run(net[name].tenant_id)
    days = net.content["terms"][0]["destination_days"]
    for gone, known in ((days, True), (days + 1, False)):
        for name in ("A", "B"):
            with as_owner(net[name].tenant_id) as connection:
                connection.execute(
                    "UPDATE transfer_proposals SET moved_on = %s WHERE slip = %s",
                    (today() - timedelta(days=gone), move.slips[name]),
                )
            running.run(net[name].tenant_id)
            row = move.handover(name)
            seen = net[name].act(WORKER, service.look, handover_id=row.id)
            assert (seen.counterpart is not None) is known
            assert (move.proposal(name).counterpart_id is not None) is known
            assert (row.forgotten_on is None) is known
            assert bool(net[name].rows(HandoverParcel, proposal_id=row.proposal_id)) is known
            # Notes name schools and places: where they are kept is known for as long.
            notes = {one.note for one in net[name].rows(HandoverItem, handover_id=row.id)}
            assert notes == ({None, MARKED} if known else {None})
    refused(
        Conflict,
        net["B"].act,
        who=WORKER,
        verb=service.open_parcel,
        handover_id=move.handover("B").id,
    )
    assert net["A"].rows(TransferRequest, id=move.request.id)[0].state == "moved"


def test_nobody_who_is_not_named(net: Net, move: Agreed) -> None:
    move.send()
    move.carried()
    for name in ("A", "B"):
        row = move.handover(name)
        for who in (COLLEAGUE, f"manager {DEPARTMENT}", SECOND):
            world = net[name]
            common = {"who": who, "handover_id": row.id}
            refused(NotFound, world.act, verb=service.look, **common)
            refused(NotFound, world.act, verb=service.open_parcel, **common)
            refused(
                NotFound,
                world.act,
                verb=service.settle_item,
                **common,
                item="school",
                state="done",
                expected_version=1,
            )
            refused(NotFound, world.act, verb=service.moved, **common, expected_version=1)
            refused(
                NotFound,
                world.act,
                verb=taking_in.take_in,
                **common,
                department=DEPARTMENT,
                expected_version=1,
            )
            refused(
                NotFound,
                world.act,
                verb=service.send,
                **common,
                texts={},
                ground="osl_10_2",
                expected_version=1,
            )
    # Somebody else's id, and one of nothing, are the same.
    for handover_id in (move.handover("A").id, uuid4()):
        assert (
            str(
                refused(
                    NotFound, net["C"].act, who=FIRST, verb=service.look, handover_id=handover_id
                )
            )
            == "Handover not found"
        )
    # Who is named no longer has no way back.
    row = move.handover("B")
    principal = net["B"][WORKER].principal_id
    net["B"].act(FIRST, access.end_handler, handover_id=row.id, principal_id=principal)
    refused(NotFound, net["B"].act, who=WORKER, verb=service.open_parcel, handover_id=row.id)


def test_the_caseworker_names_nobody_and_moves_nobody(net: Net, move: Agreed) -> None:
    row, world = move.handover("B"), net["B"]
    refused(
        NotFound,
        world.act,
        who=WORKER,
        verb=access.name_handler,
        handover_id=row.id,
        principal_id=world[COLLEAGUE].principal_id,
    )
    # A coordinator who is named may not register anybody: that is a department's.
    move.send()
    move.carried()
    refused(
        NotAllowed,
        world.act,
        who=FIRST,
        verb=taking_in.take_in,
        handover_id=row.id,
        department=DEPARTMENT,
        expected_version=row.version,
    )
    # Nor tell of a case that it may not work in.
    refused(
        NotFound,
        net["A"].act,
        who=FIRST,
        verb=service.send,
        handover_id=move.handover("A").id,
        texts={},
        ground="osl_10_2",
        expected_version=move.handover("A").version,
    )


def test_only_what_fits_is_told(net: Net, move: Agreed) -> None:
    for given in (
        {"ground": "osl_26_1"},
        {"consent_on": None},
        {"ground": "osl_10_2"},
        {"consent_on": today() + timedelta(days=1)},
        {"texts": {"address": "Storgatan 1"}},
        {"texts": {"threat": "x" * 2001}},
    ):
        refused(ValidationFailed, move.send, **given)
    refused(
        Conflict,
        net["B"].act,
        who=WORKER,
        verb=service.open_parcel,
        handover_id=move.handover("B").id,
    )
    move.send()
    refused(Conflict, move.send)
    again = refused(
        Conflict, net["A"].act, who=SECOND, verb=service.start, proposal_id=move.proposal("A").id
    )
    assert again.rule == "handover_begun"


@pytest.mark.parametrize("stays", ["applicant", "partner"])
def test_of_whoever_stays_nothing_is_told(net: Net, stays: str) -> None:
    """The one whom the household flees from may stand in it: the new kommun registers the others."""
    origin = net["A"]
    request = net.request("A")
    case = origin.rows(Case, id=request.case_id)[0]
    (mother,) = origin.rows(HouseholdMember, household_id=case.household_id)
    with as_owner(origin.tenant_id) as connection:
        connection.execute(
            "UPDATE household_members SET role = %s WHERE id = %s",
            ("partner" if stays == "applicant" else "applicant", mother.id),
        )
    for role in (stays, "child"):
        other = origin.household(adult(), department=case.department)
        (member,) = origin.rows(HouseholdMember, household_id=other.id)
        with as_owner(origin.tenant_id) as connection:
            connection.execute(
                "UPDATE household_members SET household_id = %s, role = %s WHERE id = %s",
                (case.household_id, role, member.id),
            )
    members = {
        one.role: one.person_id
        for one in origin.rows(HouseholdMember, household_id=case.household_id)
    }
    move = agreed(net, "A", "B", request)
    for name in ("A", "B"):
        move.begin(name)
    assert refused(NotFound, move.send, not_moving=[uuid4()])
    everybody_grown = [person for role, person in members.items() if role != "child"]
    assert refused(ValidationFailed, move.send, not_moving=everybody_grown)
    move.send(not_moving=[members[stays]])
    move.carried()
    told = net["B"].act(WORKER, service.open_parcel, handover_id=move.handover("B").id)
    assert [one.role for one in told.members] == ["applicant", "child"]
    left = open_number(origin.rows(Person, id=members[stays])[0])
    assert left not in {one.personal_number for one in told.members}
    taken = move.take_in()
    assert len(net["B"].rows(HouseholdMember, household_id=taken.household_id)) == 2
    [entry] = [
        one
        for one in origin.rows(AuditEntry, subject_id=move.handover("A").id)
        if one.details["event"] == "sent"
    ]
    assert members[stays] not in entry.person_ids


def test_parcels_are_of_one_size_and_hold_nothing_in_clear(net: Net, move: Agreed) -> None:
    other = agreed(net, "C", "B")
    other.begin("C")
    move.send()
    other.send(texts={"other": "x" * 2000, "care": "å" * 2000})
    move.settle("A", "school")
    sizes = set()
    for name in ("A", "C"):
        with tenant_session(Audience.WORKER, net[name].tenant_id) as session:
            sizes |= {len(one.sealed) for one in session.query(HandoverParcel) if one.sealed}
    assert len(sizes) == 1
    assert sizes.pop() > PARCEL_BYTES
    move.carried()
    case = net["A"].rows(Case, id=move.request.case_id)[0]
    household = net["A"].rows(Household, id=case.household_id)[0]
    for name in ("A", "B"):
        with as_owner(net[name].tenant_id) as connection:
            for table in TABLES:
                kept = str(connection.execute(f"SELECT t::text FROM {table} t").fetchall())
                for secret in (MARKED, MARKED.encode().hex()):
                    assert secret not in kept, table
                if name == "B":
                    assert household.alias not in kept or table == "audit_entries"
                if table != "audit_entries":
                    assert str(net["A" if name == "B" else "B"].tenant_id) not in kept


def test_a_parcel_opens_for_its_kommun_its_sender_and_its_move_only(net: Net) -> None:
    a, b, c = (net[name].tenant_id for name in "ABC")
    slip = uuid4()
    told = Told((ToldPerson("applicant", "Eva", "Ek", "19850101-0003", "unknown"),), {})
    sealed = told.seal_to(b, a, slip)
    assert Told.open(b, a, slip, sealed) == told
    for receiver, sender, which in ((a, a, slip), (c, a, slip), (b, c, slip), (b, a, uuid4())):
        with pytest.raises(SealBroken):
            Told.open(receiver, sender, which, sealed)


def test_no_trace_leads_from_the_one_kommun_to_the_other(
    net: Net, move: Agreed, monkeypatch: pytest.MonkeyPatch
) -> None:
    move.send()
    seen = []

    def watched(session: Any, slip: UUID, sealed: bytes) -> bool:
        seen.append((session.tenant_id, trace.get_current_span().is_recording()))
        return receive(session, slip, sealed)

    receive = running.receive
    monkeypatch.setattr(running, "receive", watched)
    with TracerProvider().get_tracer("x").start_as_current_span("carry"):
        assert move.carried() == 1
    assert seen == [(net["B"].tenant_id, False)]


def test_what_was_carried_to_somebody_who_had_not_begun_is_taken_back(net: Net) -> None:
    """The receiving side has no half yet that could follow its proposal: the parcel goes all the same."""
    move = agreed(net, "A", "B")
    move.begin("A")
    move.send()
    assert move.carried() == 1
    kept = {"proposal_id": move.proposal("B").id}
    assert net["B"].rows(HandoverParcel, **kept)
    running.run(net["B"].tenant_id)
    assert net["B"].rows(HandoverParcel, **kept)
    net.withdraw("A", move.request)
    move.letter("B", "failed")
    running.run(net["B"].tenant_id)
    assert not net["B"].rows(HandoverParcel, **kept)


def test_taken_back_before_it_was_carried(net: Net, move: Agreed) -> None:
    move.send()
    net.withdraw("A", move.request)
    assert move.carried() == 0
    assert move.handover("A").state == "cancelled"
    assert not net["A"].rows(HandoverParcel, proposal_id=move.proposal("A").id)
    move.letter("B", "failed")
    running.run(net["B"].tenant_id)
    assert move.handover("B").state == "cancelled"
    assert not net["B"].rows(HandoverParcel, proposal_id=move.proposal("B").id)


def test_taken_back_after_it_was_carried(net: Net, move: Agreed) -> None:
    move.send()
    assert move.carried() == 1
    net.withdraw("A", move.request)
    move.letter("B", "failed")
    # Nobody had opened it: from now on nobody does, before the worker has come by as well.
    refused(
        Conflict,
        net["B"].act,
        who=WORKER,
        verb=service.open_parcel,
        handover_id=move.handover("B").id,
    )
    refused(Conflict, move.take_in)
    running.run(net["B"].tenant_id)
    assert not net["B"].rows(HandoverParcel, proposal_id=move.proposal("B").id)
    assert move.handover("B").state == "cancelled"


def test_a_parcel_waits_for_the_networks_word(net: Net) -> None:
    request, offer = net.request("A"), net.offer("B")
    assert request.state == "open"
    move = agreed(net, "A", "C")
    move.begin("A")
    move.send()
    with as_owner(net["C"].tenant_id) as connection:
        connection.execute(
            "UPDATE transfer_proposals SET state = 'accepted', counterpart_id = NULL,"
            " counterpart_slip = NULL WHERE slip = %s",
            [move.slips["C"]],
        )
    assert move.carried() == 0
    move.agree("C")
    assert move.carried() == 1
    assert offer.state == "offered"


def test_taken_in_once_by_two_at_once(net: Net, move: Agreed) -> None:
    move.send()
    move.carried()
    before = len(net["B"].rows(Household))
    row = move.handover("B")
    results = at_once(
        *[
            lambda: net["B"].act(
                WORKER,
                taking_in.take_in,
                handover_id=row.id,
                department=DEPARTMENT,
                expected_version=row.version,
            )
        ]
        * 2
    )
    assert sorted(isinstance(one, Conflict) for one in results) == [False, True]
    assert len(net["B"].rows(Household)) == before + 1


def test_both_sides_have_a_list_and_every_look_is_logged(net: Net, move: Agreed) -> None:
    for name, side in (("A", "sending"), ("B", "receiving")):
        row = move.handover(name)
        items = net[name].rows(HandoverItem, handover_id=row.id)
        assert tuple(one.item for one in items) == ITEMS[side]
        net[name].act(WORKER, service.look, handover_id=row.id)
        with tenant_session(Audience.WORKER, net[name].tenant_id) as session:
            looks = session.query(AuditEntry).filter_by(subject_id=row.id, kind="read").all()
        assert [one.details for one in looks] == [{"event": "looked", "side": side}]
    row = move.handover("A")
    refused(
        NotFound,
        net["A"].act,
        who=WORKER,
        verb=service.settle_item,
        handover_id=row.id,
        item="keys_handed_over",
        state="done",
        expected_version=1,
    )
    assert isinstance(row, Handover)
