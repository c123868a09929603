"""The ledger: reserved, released, booked, taken back; on both sides or on none; read by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hemvist.clock import today
from hemvist.errors import Conflict, HemvistError, NotFound, ValidationFailed
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.transfer_ledger import publishing, service
from hemvist.transfer_ledger.models import TransferStatement
from hemvist.transfer_ledger.service import Position
from hemvist.transfer_ledger.telling import Rules
from hemvist_kommun import Kommun
from hemvist_testing import new_tenant
from hemvist_world import as_owner, at_once


class Network:
    """A network's own tenant and three members."""

    def __init__(self) -> None:
        self.id = new_tenant()
        self.members = [new_tenant() for _ in range(3)]

    @contextmanager
    def session(self) -> Iterator[TenantSession]:
        """As the clearing works."""
        with tenant_session(Audience.EXCHANGE, self.id) as session:
            yield session

    def act(self, verb: Callable[..., Any], **values: Any) -> Any:
        with self.session() as session:
            return verb(session, **values)

    def reserve(self, sender: int, receiver: int, move: UUID | None = None, **more: Any) -> UUID:
        move = move or uuid4()
        sides = {"sender": self.members[sender], "receiver": self.members[receiver]}
        self.act(service.reserve, move_id=move, **sides, **more)
        return move

    def places(self) -> list[Position]:
        found = self.act(service.positions)
        return [found.get(member, Position(0, 0)) for member in self.members]


@pytest.fixture
def network(database: str) -> Network:
    """A fresh network."""
    return Network()


def test_taken_minus_sent(network: Network) -> None:
    move = network.reserve(0, 1)
    assert network.places() == [Position(0, -1), Position(0, 1), Position(0, 0)]
    network.act(service.book, move_id=move, on=today())
    assert network.places() == [Position(-1, 0), Position(1, 0), Position(0, 0)]
    other = network.reserve(1, 2)
    assert network.act(service.balances) == dict(zip(network.members, (-1, 0, 1), strict=True))
    network.act(service.release, move_id=other)
    assert network.places() == [Position(-1, 0), Position(1, 0), Position(0, 0)]
    network.act(service.reverse, move_id=move)
    assert network.places() == [Position(0, 0)] * 3


def test_the_same_again_changes_nothing(network: Network) -> None:
    move = network.reserve(0, 1)
    network.reserve(0, 1, move)
    for _ in range(2):
        network.act(service.book, move_id=move, on=today())
    assert network.places()[:2] == [Position(-1, 0), Position(1, 0)]
    with pytest.raises(Conflict):
        network.reserve(0, 1, move)
    for _ in range(2):
        network.act(service.reverse, move_id=move)
    assert network.places()[:2] == [Position(0, 0), Position(0, 0)]


def test_what_cannot_be(network: Network) -> None:
    with pytest.raises(ValidationFailed):
        network.reserve(0, 0)
    with pytest.raises(ValidationFailed):
        network.reserve(0, 1, urgency=4)
    for verb in (service.release, service.reverse):
        with pytest.raises(NotFound):
            network.act(verb, move_id=uuid4())
    move = network.reserve(0, 1)
    with pytest.raises(Conflict):
        network.reserve(1, 0, move)
    with pytest.raises(Conflict):
        network.act(service.reverse, move_id=move)
    network.act(service.release, move_id=move)
    with pytest.raises(Conflict):
        network.act(service.book, move_id=move, on=today())
    assert network.places() == [Position(0, 0)] * 3


def test_booked_and_released_at_once(network: Network) -> None:
    """One of them wins, and the ledger is as that one left it."""
    for _ in range(5):
        move = network.reserve(0, 1)
        before = network.places()[1].balance
        outcomes = at_once(
            lambda move=move: network.act(service.book, move_id=move, on=today()) or "booked",
            lambda move=move: network.act(service.release, move_id=move) or "released",
        )
        [refused] = [one for one in outcomes if isinstance(one, HemvistError)]
        assert isinstance(refused, Conflict)
        won = "booked" in outcomes
        assert network.places()[1] == Position(before + won, 0)


def test_reserved_twice_at_once(network: Network) -> None:
    move = uuid4()
    at_once(*[lambda: network.reserve(0, 1, move)] * 3)
    assert network.places()[:2] == [Position(0, -1), Position(0, 1)]


def test_one_side_alone_is_not_booked(network: Network) -> None:
    """The database refuses it, whoever writes."""
    with pytest.raises(DBAPIError, match="not booked on both sides"), network.session() as session:
        service._add(session, uuid4(), network.members[0], "reserved", 1, 1, today(), None)


def test_a_line_is_never_changed(network: Network) -> None:
    network.reserve(0, 1)
    for statement in (
        "UPDATE transfer_ledger_entries SET amount = 1",
        "DELETE FROM transfer_ledger_entries",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation), as_owner(network.id) as connection:
            connection.execute("SET LOCAL ROLE hemvist_owner")
            connection.execute(statement)


@pytest.mark.parametrize(
    "audience", [Audience.STAFF, Audience.WORKER, Audience.OPERATOR, Audience.LANDLORD]
)
@pytest.mark.parametrize("table", ["transfer_ledger_entries", "transfer_publications"])
def test_nobody_else_reads_the_ledger(network: Network, audience: Audience, table: str) -> None:
    network.reserve(0, 1)
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        tenant_session(audience, network.id) as session,
    ):
        session.execute(text(f"SELECT * FROM {table}"))


def test_a_line_tells_no_instant(network: Network) -> None:
    network.reserve(0, 1)
    with as_owner(network.id) as connection:
        rows = connection.execute("SELECT id, booked_on FROM transfer_ledger_entries").fetchall()
    assert {row[0].version for row in rows} == {4}
    assert {row[1] for row in rows} == {today()}


def test_each_member_is_given_its_own_exactly_and_nothing_small_of_the_others(
    network: Network,
) -> None:
    for _ in range(4):
        network.act(service.book, move_id=network.reserve(0, 1), on=today())
    rules = Rules(delay_days=0)
    network.act(publishing.publish, rules=rules)
    given = {one.member_id: one for one in network.act(publishing.statements)}
    first = given[network.members[0]]
    assert (first.own, first.bands, first.figures) == (Position(-4, 0), {}, {})
    kommun = Kommun(network.members[0])
    for _ in range(2):
        with kommun.session(audience=Audience.WORKER) as session:
            publishing.keep_statement(session, network.id, first)
    [kept] = kommun.rows(TransferStatement)
    assert (kept.balance, kept.reserved, kept.bands) == (-4, 0, {})
    with kommun.session(audience=Audience.WORKER) as session, pytest.raises(RuntimeError):
        publishing.keep_statement(session, network.id, given[network.members[1]])


def test_a_quarter_is_told_once(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    for member in (1, 2):
        for _ in range(6):
            network.act(service.book, move_id=network.reserve(0, member), on=today())
    monkeypatch.setattr(publishing, "today", lambda: today() + timedelta(days=200))
    told = network.act(publishing.publish, rules=Rules())
    # Twelve moves; without those of one receiver six are left, but all are the sender's.
    assert told.figures == {}
    assert list(told.bands) == [str(network.members[0])]
    assert network.act(publishing.publish, rules=Rules()) is None
    monkeypatch.setattr(publishing, "today", lambda: today() + timedelta(days=400))
    again = network.act(publishing.publish, rules=Rules())
    assert (again.bands, again.as_of > told.as_of) == (told.bands, True)
    codes = {one.member_id: one.bands for one in network.act(publishing.statements)}
    assert codes[network.members[0]] == {}
    assert list(codes[network.members[1]].values()) == [[-15, -11]]
    assert isinstance(told.as_of, date)
