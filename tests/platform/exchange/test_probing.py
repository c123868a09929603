"""Those who want to know: a third kommun's insider, a party before its time, an operator with SQL.

Each tries what it has. What is asserted is that nothing of it tells of a household, of who is in a move,
or of how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.db import Audience, audience_url
from hemvist.errors import HemvistError, NotFound
from hemvist.exchange import running
from hemvist.exchange.models import ExchangeMove
from hemvist.exchange.sealing import opened_pair
from hemvist.tenancy import exchange_keys, tenant_session
from hemvist.tenancy.keys import SealBroken
from hemvist.transfers import entering, letters, offers, proposals, requests
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.needs import Needs
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_network import FIRST, SECOND, Net, new_net
from hemvist_world import as_owner, caseworker_of

#: Said in the request's own kommun only, and nowhere to be read.
MARKED = "Systern Gunilla Markerad bor där"

KOMMUN_TABLES = (
    "transfer_functions",
    "transfer_requests",
    "transfer_offers",
    "transfer_overrides",
    "transfer_proposals",
    "transfer_entries",
    "transfer_bans",
    "transfer_letters",
)
NETWORK_TABLES = (
    "exchange_flats",
    "exchange_rounds",
    "exchange_entries",
    "exchange_clearings",
    "exchange_moves",
    "exchange_letters",
    "transfer_ledger_entries",
)


@pytest.fixture(scope="module")
def net(database: str) -> Net:
    """A's household is proposed to B, who has said yes. C has a flat and nothing to do with it."""
    net = new_net("A", "B", "C", services={"B": ("school", "psychiatry")})
    request = net.request("A", urgency="acute", services=("psychiatry",), excluded=("C",))
    net.offer("B")
    net.offer("C")
    net.run()
    net["A"].act(
        FIRST,
        requests.override,
        request_id=request.id,
        kommun=net.codes["B"],
        reason=MARKED,
        expected_version=net["A"].again(request).version,
    )
    net.run()
    net.accept("B")
    net.run()
    assert net.proposal("B").state == "accepted" and net.proposal("A").state == "proposed"
    return net


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """How an act was refused, word for word."""
    with pytest.raises(HemvistError) as refused:
        act()
    return type(refused.value).__name__, str(refused.value)


def test_another_kommuns_ids_are_as_good_as_none(net: Net) -> None:
    """Whatever is asked of an id, it is answered as of one that nobody ever drew."""
    request, half = net["A"].rows(TransferRequest)[-1], net.proposal("A")
    offer, other_half = net["B"].rows(TransferOffer)[-1], net.proposal("B")
    because = "other"
    verbs: list[tuple[Any, str, UUID, dict[str, Any]]] = [
        (requests.look, "request_id", request.id, {}),
        (requests.open_request, "request_id", request.id, {"expected_version": 1}),
        (
            requests.withdraw,
            "request_id",
            request.id,
            {"because": "own_error", "expected_version": 1},
        ),
        (
            requests.override,
            "request_id",
            request.id,
            {"kommun": net.codes["B"], "reason": "x", "expected_version": 1},
        ),
        (proposals.look, "proposal_id", half.id, {}),
        (proposals.look, "proposal_id", half.slip, {}),
        (proposals.look, "proposal_id", other_half.id, {}),
        (proposals.accept, "proposal_id", half.id, {"expected_version": 1}),
        (proposals.refuse, "proposal_id", half.id, {"because": because, "expected_version": 1}),
        (proposals.moved, "proposal_id", other_half.id, {"expected_version": 1}),
        (offers.withdraw, "offer_id", offer.id, {"because": "unfit", "expected_version": 1}),
        (offers.withdraw, "offer_id", offer.token, {"because": "unfit", "expected_version": 1}),
    ]
    for verb, name, found, more in verbs:

        def ask(
            of: UUID, verb: Any = verb, name: str = name, more: dict[str, Any] = more
        ) -> Callable[[], object]:
            return lambda: net["C"].act(SECOND, verb, **{name: of}, **more)

        assert refusal(ask(found)) == refusal(ask(uuid4())), verb.__name__
        assert refusal(ask(found))[0] == "NotFound"


def test_for_whoever_is_not_named_there_is_no_network(net: Net) -> None:
    """A caseworker, a manager of property, an administrator of the sides themselves."""
    for name, who in (("A", "property"), ("B", "property"), ("A", "administrator")):
        for verb in (requests.requests_of, proposals.proposals_of, offers.offers_of):
            with pytest.raises(NotFound):
                net[name].act(who, verb, network_id=net.id)
    request = net["A"].rows(TransferRequest)[0]
    (case,) = net["A"].rows(Case, id=request.case_id)
    handler = caseworker_of(case.department)
    # The case's own worker sees the request that is hers; of the proposal there is nothing to see.
    row, _ = net["A"].act(handler, requests.look, request_id=request.id)
    assert not hasattr(row, "counterpart_id")
    with pytest.raises(NotFound):
        net["A"].act(handler, proposals.look, proposal_id=net.proposal("A").id)


def test_a_half_holds_nothing_of_the_other_before_both_have_said_yes(net: Net) -> None:
    codes = {name: (net.codes[name], str(world.tenant_id)) for name, world in net.kommuner.items()}
    for name, others in (("A", "BC"), ("B", "AC"), ("C", "AB")):
        said = everything_of(net, name, (*KOMMUN_TABLES, "audit_entries", "outbox_events"))
        assert MARKED not in said
        for other in others:
            assert codes[other][1] not in said
    assert MARKED not in network_text(net)


def test_every_look_stands_in_the_log(net: Net) -> None:
    half = net.proposal("B")
    before = len(net["B"].rows(AuditEntry, kind="read", subject_id=half.id))
    net["B"].act(SECOND, proposals.look, proposal_id=half.id)
    net["B"].act(SECOND, proposals.proposals_of, network_id=net.id)
    assert len(net["B"].rows(AuditEntry, kind="read", subject_id=half.id)) == before + 1
    (listed,) = net["B"].rows(AuditEntry, kind="read", subject_id=net.id)[-1:]
    assert listed.action == "transfer.read"


@contextmanager
def as_role(audience: Audience, tenant_id: UUID) -> Iterator[psycopg.Connection]:
    """SQL as a role of the platform, in a tenant."""
    url = audience_url(audience).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("SELECT set_config('hemvist.tenant_id', %s, false)", (str(tenant_id),))
        yield connection


@pytest.mark.parametrize(
    ("audience", "denied"),
    [
        (Audience.STAFF, (*NETWORK_TABLES, "transfer_bans", "transfer_letters")),
        (Audience.WORKER, (*NETWORK_TABLES, "transfer_overrides")),
        (Audience.EXCHANGE, KOMMUN_TABLES),
        (Audience.LANDLORD, (*KOMMUN_TABLES, *NETWORK_TABLES)),
        (Audience.OPERATOR, (*KOMMUN_TABLES, *NETWORK_TABLES)),
    ],
)
def test_a_role_reads_what_is_its_own_and_nothing_else(
    net: Net, audience: Audience, denied: tuple[str, ...]
) -> None:
    """No role reads both ends; and in the third kommun there is nothing of the two."""
    for tenant_id in (net.id, net["C"].tenant_id, net["A"].tenant_id):
        with as_role(audience, tenant_id) as connection:
            for table in denied:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"SELECT count(*) FROM {table}")
            for table in {*KOMMUN_TABLES, *NETWORK_TABLES} - {*denied}:
                found = connection.execute(f"SELECT DISTINCT tenant_id FROM {table}").fetchall()
                assert {row[0] for row in found} <= {tenant_id}


def test_a_clearing_can_be_neither_changed_nor_forgotten(net: Net) -> None:
    with as_role(Audience.EXCHANGE, net.id) as connection:
        for statement in (
            "DELETE FROM exchange_clearings",
            "UPDATE exchange_clearings SET number = 9",
            "DELETE FROM exchange_moves",
            "DELETE FROM transfer_ledger_entries",
            "UPDATE transfer_ledger_entries SET amount = 1",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_sizes_tell_nothing(net: Net) -> None:
    """A letter is a letter, and what is sealed of requests, flats and moves comes in one size each."""
    small, large = (
        Needs(min_rooms=1),
        Needs(
            min_rooms=9,
            max_extra_rooms=5,
            step_free=True,
            services=("psychiatry", "school"),
            excluded=tuple(f"{number:04}" for number in range(60)),
        ),
    )
    tenant_id = net["A"].tenant_id
    assert len(small.seal(tenant_id)) == len(large.seal(tenant_id))
    kinds: list[dict[str, Any]] = [
        {"kind": "nothing"},
        {"kind": "acute"},
        {"kind": "answer", "slip": uuid4(), "accepts": True},
        {"kind": "answer", "slip": uuid4(), "accepts": False},
        {"kind": "request_withdrawn", "pseudonym": None, "slips": [uuid4() for _ in range(9)]},
        {"kind": "agreed", "slip": uuid4(), "counterpart": uuid4(), "counterpart_slip": uuid4()},
    ]
    assert len({len(letters.sealed_to(net.id, tenant_id, one)) for one in kinds}) == 1
    for table in ("exchange_flats", "exchange_entries", "exchange_moves"):
        with tenant_session(Audience.EXCHANGE, net.id) as session:
            found = session.execute(text(f"SELECT DISTINCT octet_length(sealed) FROM {table}"))
            assert len(found.all()) == 1, table


def test_a_letter_is_opened_by_whom_it_is_for_and_only_as_from_its_writer(net: Net) -> None:
    a, b, c = (net[name].tenant_id for name in "ABC")
    letter = letters.sealed_to(net.id, a, {"kind": "acute"})
    for opener, sender in ((a, a), (b, a), (c, a), (net.id, b), (net.id, c)):
        with pytest.raises(SealBroken):
            letters.opened(opener, sender, letter)
    assert letters.opened(net.id, a, letter) == {"kind": "acute"}
    with pytest.raises(SealBroken):
        exchange_keys.open_own(net.id, letter, "something else")


def test_a_forged_answer_changes_nothing(net: Net) -> None:
    """C answers for A and B, and withdraws what it does not have: with ids that it has guessed, and with
    the right names, wherever it has them from."""
    before = [(move.state, move.sending_said, move.receiving_said) for move in moves_of(net)]
    flat = net["C"].rows(TransferOffer)[-1].token
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        pairs = [opened_pair(session, move.sealed) for move in moves_of(net)]
    known = [
        name
        for pair in pairs
        for name in (pair.sending_slip, pair.receiving_slip, pair.pseudonym, pair.token)
    ]
    guessed = [net.proposal("A").id, net.proposal("A").request_id, flat, uuid4()]
    with tenant_session(Audience.STAFF, net["C"].tenant_id) as session:
        for slip in (*known, *guessed):
            letters.write(session, net.id, "answer", slip=slip, accepts=False)
            letters.write(session, net.id, "moved", slip=slip, on="2026-01-01")
            letters.write(session, net.id, "offer_withdrawn", token=slip)
            letters.write(session, net.id, "request_withdrawn", pseudonym=slip, slips=[slip])
            asked = entering.asking(session, slip, net.codes["B"])
            letters.write(session, net.id, "override", asked=asked)
        letters.write(session, net.id, "override", asked="AAAA")
    # Nor does what A itself has asked itself for, sent by C.
    with tenant_session(Audience.STAFF, net["A"].tenant_id) as session:
        own = entering.asking(session, net["A"].rows(TransferRequest)[-1].id, net.codes["B"])
    with tenant_session(Audience.STAFF, net["C"].tenant_id) as session:
        letters.write(session, net.id, "override", asked=own)
    net.run()
    assert before == [
        (move.state, move.sending_said, move.receiving_said) for move in moves_of(net)
    ]
    assert net.proposal("A").state == "proposed" and net.proposal("B").state == "accepted"


def test_what_fails_on_the_way_is_logged_without_a_name(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ValueError(f"{MARKED} {net.codes['A']} {net['A'].tenant_id}")

    monkeypatch.setattr(running, "carry_in", broken)
    with capture_logs() as logged, pytest.raises(ValueError, match="Markerad"):
        running.run(net.id)
    assert logged and all(set(one) == {"event", "error", "log_level"} for one in logged)
    assert MARKED not in str(logged) and str(net["A"].tenant_id) not in str(logged)


def test_fake_vacancies_are_answered_alike_whoever_is_there(database: str) -> None:
    """C offers flats of every size. What it gets says that somebody could move, and nothing of whom."""
    seen = []
    for asked in (
        {"urgency": "normal", "excluded": ("B",)},
        {"urgency": "normal", "services": ("school",)},
    ):
        net = new_net(
            "A", "B", "C", services={"C": ("school",)}, limits=dict.fromkeys("ABC", (2, 1))
        )
        net.request("A", **asked)
        net.request("B", **{**asked, "excluded": ()})
        for rooms in (1, 2, 3, 4):
            net.offer("C", rooms=rooms)
        net.run()
        # No more than the network lets it take in, however many it offers.
        (half,) = net["C"].rows(TransferProposal)
        columns = {name: getattr(half, name) for name in half.__table__.columns.keys()}  # noqa: SIM118
        seen.append(
            {
                name
                for name, value in columns.items()
                if value is not None
                and name not in ("id", "tenant_id", "network_id", "slip", "offer_id")
            }
        )
        assert net["C"].rows(TransferOffer, id=half.offer_id)[0].rooms == 2
        assert half.answer_by.minute == half.answer_by.second == 0
    assert seen[0] == seen[1]


def moves_of(net: Net) -> list[ExchangeMove]:
    """The network's moves."""
    return net.rows(ExchangeMove)


def everything_of(net: Net, name: str, tables: tuple[str, ...]) -> str:
    """Every row of the kommun as text, as an operator with SQL would read it."""
    with as_owner(net[name].tenant_id) as connection:
        return "\n".join(_rows(connection, tables))


def network_text(net: Net) -> str:
    """Every row of the network as text."""
    with as_owner(net.id) as connection:
        return "\n".join(_rows(connection, NETWORK_TABLES))


def _rows(connection: psycopg.Connection, tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        for row in connection.execute(f"SELECT t::text FROM {table} t").fetchall():
            yield str(row[0])
