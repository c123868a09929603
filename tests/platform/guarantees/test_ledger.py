"""The database itself keeps the ledger: balanced, as the guarantee says, only added to, never over."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from hemvist.errors import Conflict
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import Guarantee
from hemvist.ids import new_id
from hemvist_guarantees import (
    CAP,
    OFFICER,
    OTHER,
    RENT,
    accounts,
    claim,
    decide,
    demand,
    entries,
    guaranteed,
    paid,
    pay,
    repay,
)
from hemvist_world import World, as_owner, at_once

ENTRY = (
    "INSERT INTO guarantee_entries (tenant_id, id, case_id, guarantee_id, kind, amount_ore,"
    " booked_on, claim_id, reference, reason_sealed, recorded_at)"
    " VALUES (%(tenant)s, %(entry)s, %(case)s, %(guarantee)s, 'approval', %(amount)s,"
    " current_date, %(claim)s, '', %(reason)s, now())"
)
LINE = (
    "INSERT INTO guarantee_postings (tenant_id, id, guarantee_id, entry_id, account, amount_ore)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
MOVE = "UPDATE guarantees SET approved_ore = approved_ore + %s WHERE tenant_id = %s AND id = %s"


def entered(
    world: World, row: Guarantee, claim_id: UUID, lines: list[tuple[str, int]], moved: int
) -> None:
    """An approval of 1 000 öre written without the service."""
    tenant, entry = world.tenant_id, new_id()
    with as_owner(tenant) as connection:
        connection.execute(
            ENTRY,
            {
                "tenant": tenant,
                "entry": entry,
                "case": row.case_id,
                "guarantee": row.id,
                "claim": claim_id,
                "amount": 1_000,
                "reason": GuaranteeEntry.reason.sealed(tenant, ""),
            },
        )
        for account, amount in lines:
            connection.execute(LINE, (tenant, new_id(), row.id, entry, account, amount))
        connection.execute(MOVE, (moved, tenant, row.id))
        connection.execute(NOW)


#: What COMMIT would check. A refused COMMIT would leave the connection open.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
GOOD = [("liability", 1_000), ("landlord", -1_000)]


def test_a_balanced_entry_may_be_written(world: World) -> None:
    row = guaranteed(world)
    entered(world, row, claim(world, row).id, GOOD, 1_000)
    assert world.again(row).approved_ore == 1_000


@pytest.mark.parametrize(
    ("lines", "moved"),
    [
        ([], 1_000),
        (GOOD[:1], 1_000),
        ([("liability", 1_000), ("landlord", -999)], 1_000),
        ([("liability", -1_000), ("landlord", 1_000)], 1_000),
        ([("loss", 1_000), ("landlord", -1_000)], 1_000),
        ([("liability", 1_000), ("bank", -1_000)], 1_000),
        ([*GOOD, *GOOD], 1_000),
        # Balanced, but the guarantee says something else.
        (GOOD, 0),
        (GOOD, 999),
    ],
)
def test_anything_else_is_refused_at_commit(
    world: World, lines: list[tuple[str, int]], moved: int
) -> None:
    row = guaranteed(world)
    asked = claim(world, row)
    with pytest.raises(psycopg.errors.CheckViolation):
        entered(world, row, asked.id, lines, moved)
    assert entries(world, row.id) == []


def test_a_guarantee_never_says_more_than_its_ledger(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(psycopg.errors.CheckViolation), as_owner(world.tenant_id) as connection:
        connection.execute(MOVE, (1, world.tenant_id, row.id))
        connection.execute(NOW)


def test_beyond_the_cap_is_refused_by_the_table_too(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(psycopg.errors.CheckViolation), as_owner(world.tenant_id) as connection:
        connection.execute(MOVE, (CAP + 1, world.tenant_id, row.id))


@pytest.mark.parametrize("table", ["guarantee_entries", "guarantee_postings"])
@pytest.mark.parametrize("act", ["UPDATE {} SET amount_ore = 5", "DELETE FROM {}"])
def test_nothing_written_is_changed_or_removed(world: World, table: str, act: str) -> None:
    decide(world, claim(world, guaranteed(world)), RENT)
    with pytest.raises(psycopg.errors.CheckViolation), as_owner(world.tenant_id) as connection:
        connection.execute(act.format(table))
    # The application's role has no such right to begin with.
    with as_owner(world.tenant_id) as connection:
        granted = connection.execute(
            "SELECT has_table_privilege('hemvist_staff', %s, 'UPDATE, DELETE, TRUNCATE')", (table,)
        ).fetchone()
    assert granted == (False,)


def test_two_officers_pay_one_claim_at_once(world: World) -> None:
    row = guaranteed(world)
    approved = decide(world, claim(world, row), RENT)
    outcomes = at_once(
        lambda: pay(world, approved, RENT, who=OFFICER),
        lambda: pay(world, approved, RENT, who=OTHER),
    )
    lost = [one for one in outcomes if isinstance(one, Conflict)]
    assert len(lost) == 1
    assert lost[0].rule == "stale_version"
    assert world.again(row).paid_ore == RENT
    assert accounts(world, row.id)["bank"] == -RENT


def test_two_claims_at_once_do_not_share_the_last_of_the_cap(world: World) -> None:
    row = guaranteed(world)
    first, second = claim(world, row, CAP), claim(world, row, CAP)
    outcomes = at_once(lambda: decide(world, first, CAP), lambda: decide(world, second, CAP))
    assert sum(isinstance(one, Exception) for one in outcomes) == 1
    assert world.again(row).approved_ore == CAP


def test_two_payments_at_once_do_not_go_below_what_is_owed(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    owed = demand(world, row, RENT)
    outcomes = at_once(
        lambda: repay(world, owed, RENT, expected_version=owed.version),
        lambda: repay(world, owed, RENT, expected_version=owed.version),
    )
    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert accounts(world, row.id)["household"] == 0
