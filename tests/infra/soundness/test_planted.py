"""Every hole that is planted in a kommun's rows is found, and nothing is found before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hemvist.audit import linking
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.guarantees import reversing
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import tenant_session
from hemvist_api import command
from hemvist_graphql.ids import global_id
from hemvist_guarantees import OFFICER, OTHER, RENT, STATEMENT, demand, guaranteed, paid, repay
from hemvist_infra import cli, soundness
from hemvist_tampering import Tampering
from hemvist_testing import new_tenant, owner_connection
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_workers.relay import relay_tenant
from hemvist_world import World, new_world

#: A while after everything that was done should have been handled.
LATER = timedelta(hours=2)


class Shop(NamedTuple):
    """A kommun with money, deadlines and commands, and a superuser's hands in it."""

    world: World
    hands: Tampering

    def findings(self) -> set[tuple[str, str]]:
        """What the auditor finds: kind, and what it tells."""
        found = soundness.look_through(self.world.tenant_id, at=now() + LATER).findings
        return {(one.kind, f"{one.subject} {one.told}") for one in found}


@pytest.fixture(scope="module")
def shop(postgres: str, database: str) -> Iterator[Shop]:
    world = new_world()
    guarantee = guaranteed(world)
    for _ in range(3):
        claim = command(
            world[OFFICER],
            "registerGuaranteeClaim",
            {
                "guaranteeId": global_id("Guarantee", guarantee.id),
                "kind": "rent",
                "amountOre": RENT,
                "periodFrom": str(guarantee.starts_on),
                "periodTo": str(guarantee.starts_on + timedelta(days=29)),
                "receivedOn": str(today() - timedelta(days=20)),
                "documents": [{"kind": "rent_statement", "title": STATEMENT["title"]}],
            },
            "guaranteeClaim { id }",
        )
        assert claim["guaranteeClaim"]["id"]
    paid(world, guarantee)
    paid(world, guarantee)
    repay(world, demand(world, guarantee, RENT), 100_000)
    payment = world.rows(GuaranteeEntry, guarantee_id=guarantee.id, kind="recovery")[0]
    world.act(
        OTHER,
        reversing.reverse_entry,
        entry_id=payment.id,
        reason="Fel mottagare.",
        expected_version=world.again(guarantee).version,
    )
    world.grant(world.case())
    relay_tenant(world.tenant_id, lambda *_: None)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        events = session.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id)).all()
    for event_id in events:
        handle(world.tenant_id, event_id)
    chores.mark_overdue(world.tenant_id)
    chores.lay_out_obligations(world.tenant_id)
    for _ in range(3):
        relay_tenant(world.tenant_id, lambda *sent: handle(sent[0], sent[1]))
    linking.link(world.tenant_id, None)
    hands = Tampering(postgres, database, world.tenant_id, new_tenant())
    yield Shop(world, hands)
    hands.close()


def test_a_kommun_that_is_as_it_should_be_has_no_findings(shop: Shop) -> None:
    report = soundness.look_through(shop.world.tenant_id, at=now() + LATER)
    assert [one.line for one in report.findings] == []
    assert report.counts["commands"] == 3
    assert report.counts["ledger entries"] >= 6
    for what in ("timeline lines", "events", "deadlines", "log entries"):
        assert report.counts[what] > 2, what


#: What is planted: the kind of finding, words of what is told, and the statements.
HOLES = {
    "a swallowed audit entry": (
        "command",
        "is not in the log",
        "DELETE FROM audit_entries WHERE tenant_id = %(tenant)s AND xmin ="
        " (SELECT xmin FROM command_receipts WHERE tenant_id = %(tenant)s ORDER BY id LIMIT 1)",
    ),
    "a line of a timeline without its entry": (
        "command",
        "is in a timeline and not in the log",
        "DELETE FROM audit_entries WHERE tenant_id = %(tenant)s AND xmin ="
        " (SELECT xmin FROM case_events WHERE tenant_id = %(tenant)s ORDER BY id DESC LIMIT 1)",
    ),
    "an idempotency key that was ignored": (
        "command",
        "times under one key",
        "ALTER TABLE command_receipts DROP CONSTRAINT uq_command_receipts_tenant_id_principal_id_key;"
        " INSERT INTO command_receipts SELECT tenant_id, gen_random_uuid(), principal_id, key, command,"
        " request_hash, response, created_at FROM command_receipts ORDER BY id LIMIT 1",
    ),
    "a lost event": (
        "event",
        "its event is gone",
        "DELETE FROM outbox_events WHERE id ="
        " (SELECT id FROM outbox_events WHERE type = 'guarantee_issued' ORDER BY id LIMIT 1)",
    ),
    "an event that was removed after it was handled": (
        "event",
        "and gone",
        "DELETE FROM outbox_events WHERE id = (SELECT event_id FROM inbox_receipts ORDER BY id LIMIT 1)",
    ),
    "an event that nobody handled": (
        "event",
        "was not handled by notices",
        "DELETE FROM inbox_receipts WHERE id = (SELECT id FROM inbox_receipts"
        " WHERE handler = 'notices' AND tenant_id = %(tenant)s ORDER BY id DESC LIMIT 1)",
    ),
    "an event that no relay took": (
        "event",
        "waits for the relay",
        "UPDATE outbox_events SET relayed_at = NULL WHERE id = (SELECT max(id::text)::uuid FROM"
        " outbox_events WHERE tenant_id = %(tenant)s)",
    ),
    "an event that was handled twice": (
        "event",
        "handled 2 times",
        "ALTER TABLE inbox_receipts DROP CONSTRAINT uq_inbox_receipts_tenant_id_handler_event_id;"
        " INSERT INTO inbox_receipts SELECT tenant_id, gen_random_uuid(), handler, event_id,"
        " handled_at FROM inbox_receipts WHERE tenant_id = %(tenant)s ORDER BY id DESC LIMIT 1",
    ),
    "an event that was applied twice": (
        "notice",
        "the same notice 2 times",
        "ALTER TABLE notices DROP CONSTRAINT uq_notices_tenant_id_source_id_role_department;"
        " INSERT INTO notices SELECT n.* FROM (SELECT * FROM notices WHERE tenant_id = %(tenant)s"
        " ORDER BY id LIMIT 1) o, jsonb_populate_record(NULL::notices, to_jsonb(o)"
        " || jsonb_build_object('id', gen_random_uuid())) n",
    ),
    "a parked event that was forgotten": (
        "parked",
        "is parked for notices after 5 attempts",
        "INSERT INTO event_troubles SELECT tenant_id, gen_random_uuid(), id, 'notices', 5, 'ValueError',"
        " occurred_at, occurred_at, occurred_at FROM outbox_events WHERE tenant_id = %(tenant)s"
        " ORDER BY id DESC LIMIT 1",
    ),
    "an event that nobody tries again": (
        "event",
        "nobody tries again",
        "INSERT INTO event_troubles SELECT tenant_id, gen_random_uuid(), id, 'names', 2, 'ValueError',"
        " occurred_at, occurred_at, NULL FROM outbox_events WHERE tenant_id = %(tenant)s"
        " ORDER BY id DESC LIMIT 1",
    ),
    "a guarantee's sum that nobody entered": (
        "ledger",
        "the guarantee's sums",
        "UPDATE guarantees SET recovered_ore = recovered_ore + 1",
    ),
    "a ledger's entry without one of its lines": (
        "ledger",
        "has 1 lines",
        "DELETE FROM guarantee_postings WHERE id = (SELECT p.id FROM guarantee_postings p"
        " JOIN guarantee_entries e ON e.id = p.entry_id WHERE e.kind = 'demand' LIMIT 1)",
    ),
    "a ledger's lines on the wrong accounts": (
        "ledger",
        "has 2 lines, which do not balance",
        "UPDATE guarantee_postings SET amount_ore = -amount_ore WHERE entry_id ="
        " (SELECT id FROM guarantee_entries WHERE kind = 'approval' ORDER BY id LIMIT 1)",
    ),
    "a line without its entry": (
        "ledger",
        "a line without its entry",
        "DELETE FROM guarantee_entries WHERE id ="
        " (SELECT max(id::text)::uuid FROM guarantee_entries WHERE kind = 'payment')",
    ),
    "a claim's sum that nobody entered": (
        "ledger",
        "the claim's sums",
        "UPDATE guarantee_claims SET approved_ore = 7, paid_ore = 7 WHERE state = 'received'",
    ),
    "a recourse that was paid by nobody": (
        "ledger",
        "the recourse's sums",
        "UPDATE guarantee_recourses SET paid_ore = paid_ore + 1",
    ),
    "a reversal of something else": (
        "ledger",
        "does not take back",
        "UPDATE guarantee_entries SET reverses_id = (SELECT id FROM guarantee_entries"
        " WHERE kind = 'approval' LIMIT 1) WHERE reverses_id IS NOT NULL",
    ),
    "a missing deadline": (
        "deadline",
        "is missing",
        "DELETE FROM obligations WHERE id = (SELECT id FROM obligations WHERE tenant_id = %(tenant)s"
        " AND state = 'open' ORDER BY due_on LIMIT 1)",
    ),
    "a deadline that passed unseen": (
        "deadline",
        "has passed and is not marked",
        "UPDATE obligations SET due_on = current_date - 9, overdue_since = NULL WHERE id = (SELECT id"
        " FROM obligations WHERE tenant_id = %(tenant)s AND state = 'open' ORDER BY due_on DESC LIMIT 1)",
    ),
    "a link that was dropped from the chain": (
        "log",
        "removed at",
        "DELETE FROM audit_links WHERE tenant_id = %(tenant)s AND ordinal = 4",
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_found(shop: Shop, hole: str) -> None:
    """Planted on what others left: what is new is what tells of it."""
    kind, words, statements = HOLES[hole]
    before = shop.findings()
    for statement in statements.split("; "):
        shop.hands.run(statement)
    fresh = shop.findings() - before
    assert any(one == kind and words in told for one, told in fresh), fresh


@pytest.mark.parametrize(
    "hole",
    [
        "DELETE FROM transfer_ledger_entries WHERE amount = 1 AND kind = 'booked'",
        "UPDATE transfer_ledger_entries SET member_id = gen_random_uuid() WHERE kind = 'booked'",
    ],
)
def test_a_move_that_is_booked_on_one_side_is_found(
    postgres: str, database: str, hole: str
) -> None:
    from uuid import uuid4

    from hemvist.transfer_ledger import service as moves

    network = new_tenant()
    with owner_connection() as connection:
        connection.execute("UPDATE tenants SET kind = 'network' WHERE id = %s", [network])
        connection.commit()
    move = uuid4()
    with tenant_session(Audience.EXCHANGE, network) as session:
        moves.reserve(session, move_id=move, sender=uuid4(), receiver=uuid4())
        moves.book(session, move_id=move, on=today())
    report = soundness.look_through(network, "network", log=False)
    assert (report.counts["ledger entries"], report.findings) == (4, [])
    hands = Tampering(postgres, database, network, new_tenant())
    hands.run(hole)
    hands.close()
    found = soundness.look_through(network, "network", log=False).findings
    assert {one.kind for one in found} == {"ledger"}


def test_the_command_tells_and_ends_with_status_1(shop: Shop) -> None:
    with owner_connection() as connection:
        row = connection.execute(
            "SELECT slug FROM tenants WHERE id = %s", [shop.world.tenant_id]
        ).fetchone()
    assert row is not None
    ran = CliRunner().invoke(cli.app, ["check", "--tenant", row[0]])
    assert ran.exit_code == 1, ran.output
    assert f"{row[0]}: ledger " in ran.output
    last = ran.output.splitlines()[-1]
    assert last.startswith(f"{row[0]}: ")
    assert last.endswith(" findings")
