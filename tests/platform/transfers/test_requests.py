"""The kommun's side: a function of two, four eyes on a request, and who sees what of it."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.tenancy import tenant_session
from hemvist.transfers import functions, offers, requests
from hemvist.transfers.models import TransferFunction, TransferOffer, TransferRequest
from hemvist.transfers.needs import Needs
from hemvist.transfers.proposal_models import TransferLetter
from hemvist_network import ADMIN, FIRST, SECOND, Net, new_net
from hemvist_world import as_owner, at_once, caseworker_of, manager_of

DEPARTMENT = "SOF-VUX"


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    """Two kommuner; nothing is cleared here."""
    return new_net("A", "B", services={"B": ("school",)})


def test_two_people_at_least(database: str) -> None:
    net = new_net("A", "B", named=False)
    world = net["A"]
    world.add(ADMIN, Membership(Role.TENANT_ADMIN))
    first = world.add(FIRST, Membership(Role.TRANSFER_COORDINATOR))
    second = world.add(SECOND, Membership(Role.TRANSFER_COORDINATOR))

    def name(who: str, person: object, by: str = ADMIN) -> TransferFunction:
        return world.act(  # type: ignore[no-any-return]
            by,
            functions.name_person,
            network_id=net.id,
            principal_id=person,
            role="operative",
        )

    with pytest.raises(NotAllowed):
        name(FIRST, first.principal_id, by=FIRST)
    with pytest.raises(ValidationFailed):
        name("caseworker", world[caseworker_of(DEPARTMENT)].principal_id)
    name(FIRST, first.principal_id)
    with pytest.raises(Conflict):
        name(FIRST, first.principal_id)
    request = net.prepared("A")
    with pytest.raises(Conflict) as refused:
        world.act(FIRST, requests.open_request, request_id=request.id, expected_version=1)
    assert refused.value.rule == "function_too_small"
    named = name(SECOND, second.principal_id)
    opened = world.act(FIRST, requests.open_request, request_id=request.id, expected_version=1)
    assert (opened.state, opened.opened_on) == ("open", today())
    # One who goes leaves the function too small, and is no longer told that there is anything.
    world.act(ADMIN, functions.end, function_id=named.id, expected_version=named.version)
    with pytest.raises(NotFound):
        world.act(SECOND, requests.look, request_id=request.id)
    with pytest.raises(Conflict):
        world.act(
            FIRST,
            offers.offer,
            network_id=net.id,
            unit_id=world.unit(rooms=2).id,
            last_on=today() + timedelta(days=9),
        )


def test_nobody_opens_what_they_prepared(net: Net) -> None:
    world = net["A"]
    both = world.add(
        "both",
        Membership(Role.TRANSFER_COORDINATOR),
        Membership(Role.CASEWORKER, DEPARTMENT),
    )
    world.act(
        ADMIN,
        functions.name_person,
        network_id=net.id,
        principal_id=both.principal_id,
        role="manager",
    )
    case = world.case()
    request = world.act(
        "both",
        requests.prepare,
        case_id=case.id,
        network_id=net.id,
        urgency="high",
        needs=Needs(2),
    )
    with pytest.raises(NotAllowed):
        world.act("both", requests.open_request, request_id=request.id, expected_version=1)
    assert world.again(request).state == "prepared"


def test_a_request_is_seen_by_its_case_and_its_function_alone(net: Net) -> None:
    world = net["A"]
    request = net.prepared("A")
    world.add("coordinator 3", Membership(Role.TRANSFER_COORDINATOR))
    for who in ("coordinator 3", "property", caseworker_of("SOF-BUF"), ADMIN):
        with pytest.raises(NotFound):
            world.act(who, requests.look, request_id=request.id)
        with pytest.raises(NotFound):
            world.act(
                who,
                requests.withdraw,
                request_id=request.id,
                because="own_error",
                expected_version=1,
            )
    with pytest.raises(NotFound):
        world.act("coordinator 3", requests.requests_of, network_id=net.id)
    # Another kommun's people have no such request.
    with pytest.raises(NotFound):
        net["B"].act(FIRST, requests.look, request_id=request.id)
    for who in (FIRST, caseworker_of(DEPARTMENT), manager_of(DEPARTMENT)):
        _, needs = world.act(who, requests.look, request_id=request.id)
        assert needs.excluded == (net.codes["A"],)


def test_every_look_is_logged_with_the_persons(net: Net) -> None:
    world = net["A"]
    request = net.prepared("A")
    before = len(world.rows(AuditEntry, subject_id=request.id, kind="read"))
    world.act(FIRST, requests.look, request_id=request.id)
    entries = world.rows(AuditEntry, subject_id=request.id, kind="read")
    assert len(entries) == before + 1
    assert entries[-1].principal_id == world[FIRST].principal_id
    assert len(entries[-1].person_ids) == 1
    world.act(FIRST, requests.requests_of, network_id=net.id)
    assert world.rows(AuditEntry, subject_id=net.id, kind="read")[-1].action == "transfer.read"


def test_needs_are_sealed_and_nothing_of_them_is_in_the_audit(net: Net) -> None:
    request = net.prepared("A", services=("school",), excluded=("B",))
    with as_owner(net["A"].tenant_id) as connection:
        row = connection.execute(
            "SELECT row_to_json(r)::text FROM transfer_requests r WHERE id = %s", [request.id]
        ).fetchone()
        log = connection.execute(
            "SELECT string_agg(details::text, ' ') FROM audit_entries WHERE subject_id = %s",
            [request.id],
        ).fetchone()
    assert row is not None and log is not None
    for said in ("school", f'"{net.codes["B"]}"'):
        assert said not in row[0] and said not in log[0]


def test_a_case_has_one_request_at_a_time(net: Net) -> None:
    world = net["A"]
    case = world.case()

    def prepare() -> TransferRequest:
        return world.act(  # type: ignore[no-any-return]
            caseworker_of(DEPARTMENT),
            requests.prepare,
            case_id=case.id,
            network_id=net.id,
            urgency="normal",
            needs=Needs(2),
        )

    outcomes = at_once(prepare, prepare)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "TransferRequest"]
    first = next(one for one in outcomes if isinstance(one, TransferRequest))
    net.withdraw("A", first)
    assert prepare().state == "prepared"


def test_prepared_in_ones_own_department_for_a_network_of_ones_own(net: Net) -> None:
    world = net["A"]
    case = world.case()
    other = new_net("C", "D")
    said = {"case_id": case.id, "urgency": "normal", "needs": Needs(2)}
    with pytest.raises(NotFound):
        world.act(caseworker_of("AMF"), requests.prepare, network_id=net.id, **said)
    with pytest.raises(NotFound):
        world.act(caseworker_of(DEPARTMENT), requests.prepare, network_id=other.id, **said)
    with pytest.raises(ValidationFailed):
        world.act(
            caseworker_of(DEPARTMENT),
            requests.prepare,
            network_id=net.id,
            **{**said, "urgency": "panic"},
        )


def test_a_flat_has_stood_in_the_register_for_a_while(database: str) -> None:
    net = new_net("A", "B", terms={"known_days": 14})
    world = net["B"]
    unit = world.unit(rooms=2)
    said = {"network_id": net.id, "unit_id": unit.id, "last_on": today() + timedelta(days=30)}
    with pytest.raises(Conflict) as made_up:
        world.act(FIRST, offers.offer, **said)
    assert (made_up.value.rule, made_up.value.params["days"]) == ("flat_too_new", 14)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE unit_states SET recorded_at = recorded_at - interval '14 days'"
            " WHERE unit_id = %s",
            (unit.id,),
        )
    assert world.act(FIRST, offers.offer, **said).state == "offered"


def test_a_flat_is_offered_once_and_only_while_it_is_vacant(net: Net) -> None:
    world = net["B"]
    offer = net.offer("B")
    with pytest.raises(Conflict) as again:
        world.act(
            FIRST,
            offers.offer,
            network_id=net.id,
            unit_id=offer.unit_id,
            last_on=today(),
        )
    assert again.value.rule == "offered_already"
    with pytest.raises(NotFound):
        world.act(
            "property", offers.offer, network_id=net.id, unit_id=offer.unit_id, last_on=today()
        )
    taken = world.unit(rooms=2)
    case = world.case()
    world.offer(world.registered(case), taken)
    with pytest.raises(Conflict) as refused:
        world.act(FIRST, offers.offer, network_id=net.id, unit_id=taken.id, last_on=today())
    assert refused.value.rule == "unit_taken"


def test_a_flat_that_is_let_meanwhile_is_withdrawn_by_itself(net: Net) -> None:
    world = net["B"]
    unit = world.unit(rooms=2)
    offer = world.act(
        FIRST,
        offers.offer,
        network_id=net.id,
        unit_id=unit.id,
        last_on=today() + timedelta(days=60),
    )
    world.offer(world.registered(world.case()), unit)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert offers.withdraw_let(session, net.id) == 1
    row = world.rows(TransferOffer, id=offer.id)[0]
    assert (row.state, row.ended_because) == ("withdrawn", "not_vacant")


def test_letters_are_of_one_size_and_staff_cannot_read_them(net: Net) -> None:
    world = net["A"]
    net.request("A", urgency="acute")
    net.offer("A")
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        letters = session.query(TransferLetter).all()
        sizes = {len(letter.sealed) for letter in letters if letter.done_at is None}
    assert len(sizes) == 1
    with (
        pytest.raises(ProgrammingError) as refused,
        tenant_session(Audience.STAFF, world.tenant_id) as session,
    ):
        session.connection().exec_driver_sql("SELECT sealed FROM transfer_letters")
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_a_closed_case_opens_no_request(net: Net) -> None:
    world = net["A"]
    request = net.prepared("A")
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE cases SET state = 'closed' WHERE id = %s", [request.case_id])
    with pytest.raises(Conflict) as refused:
        world.act(FIRST, requests.open_request, request_id=request.id, expected_version=1)
    assert refused.value.rule == "case_closed"
