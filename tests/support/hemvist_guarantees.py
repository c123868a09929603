"""A kommun's guarantee and the acts on its money, for the tests of guarantees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.guarantees import claims, recourse
from hemvist.guarantees.ledger_models import GuaranteeEntry, GuaranteePosting
from hemvist.guarantees.models import (
    Guarantee,
    GuaranteeClaim,
    GuaranteeRecourse,
    GuaranteeWriteOff,
)
from hemvist.identity import Membership, Role
from hemvist_world import GUARANTEE, World

OFFICER, OTHER = "property", "second property officer"
#: The rent of the world's homes, and the cap of a guarantee of twelve months, öre.
RENT = 550_000
CAP = 12 * RENT
STATEMENT = {"kind": "rent_statement", "title": "Hyresavi", "dated_on": None, "reference": "H-1"}


def second_officer(world: World) -> None:
    """Another property officer, for the second pair of eyes."""
    if OTHER not in world.people:
        world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "FF"))


def guaranteed(world: World, **changes: Any) -> Guarantee:
    """A guarantee of twelve months that has held for 85 days."""
    second_officer(world)
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    values: dict[str, Any] = {"guarantee_months": 12, "told_of_link_on": None}
    world.contract(offer, **(values | changes))
    [row] = world.rows(Guarantee, case_id=case.id)
    return row  # type: ignore[no-any-return]


def claim(world: World, guarantee: Guarantee, amount: int = RENT, **changes: Any) -> GuaranteeClaim:
    """The landlord's claim for a month's rent, registered by the property officer."""
    values: dict[str, Any] = {
        "guarantee_id": guarantee.id,
        "kind": "rent",
        "amount_ore": amount,
        "period_from": guarantee.starts_on,
        "period_to": guarantee.starts_on + timedelta(days=29),
        "documents": [STATEMENT],
        "received_on": today() - timedelta(days=20),
    }
    return world.act(OFFICER, claims.register_claim, **(values | changes))  # type: ignore[no-any-return]


def decide(world: World, row: GuaranteeClaim, amount: int, **changes: Any) -> GuaranteeClaim:
    """Approved by the other officer."""
    values: dict[str, Any] = {
        "claim_id": row.id,
        "outcome": "approved",
        "approved_ore": amount,
        "motivation": "Hyran är obetald.",
        "expected_version": row.version,
        "on": today() - timedelta(days=15),
    }
    return world.act(OTHER, claims.decide_claim, **(values | changes))  # type: ignore[no-any-return]


def pay(world: World, row: GuaranteeClaim, amount: int, **changes: Any) -> GuaranteeClaim:
    """Paid to the landlord."""
    values: dict[str, Any] = {
        "claim_id": row.id,
        "amount_ore": amount,
        "expected_version": row.version,
        "on": today() - timedelta(days=10),
    }
    return world.act(changes.pop("who", OFFICER), claims.pay_claim, **(values | changes))  # type: ignore[no-any-return]


def paid(world: World, guarantee: Guarantee, amount: int = RENT) -> GuaranteeClaim:
    """A claim, approved and paid in whole."""
    return pay(world, decide(world, claim(world, guarantee, amount), amount), amount)


def demand(world: World, guarantee: Guarantee, amount: int, **changes: Any) -> GuaranteeRecourse:
    """The household is asked for the amount, in one instalment, unless told."""
    now = world.again(guarantee)
    values: dict[str, Any] = {
        "guarantee_id": guarantee.id,
        "amount_ore": amount,
        "instalments": [{"due_on": today() + timedelta(days=30), "amount_ore": amount}],
        "expected_version": now.version,
        "on": today() - timedelta(days=5),
    }
    return world.act(OFFICER, recourse.demand_recourse, **(values | changes))  # type: ignore[no-any-return]


def repay(world: World, row: GuaranteeRecourse, amount: int, **changes: Any) -> GuaranteeRecourse:
    """The household has paid."""
    values: dict[str, Any] = {
        "recourse_id": row.id,
        "amount_ore": amount,
        "expected_version": world.again(row).version,
    }
    return world.act(OFFICER, recourse.record_recourse_payment, **(values | changes))  # type: ignore[no-any-return]


def give_up(world: World, row: GuaranteeRecourse, amount: int, **changes: Any) -> GuaranteeWriteOff:
    """A proposal to write off, by the property officer."""
    values: dict[str, Any] = {
        "recourse_id": row.id,
        "amount_ore": amount,
        "reason": "Hushållet saknar betalningsförmåga.",
        "expected_version": world.again(row).version,
    }
    return world.act(OFFICER, recourse.propose_write_off, **(values | changes))  # type: ignore[no-any-return]


def settle(
    world: World, row: GuaranteeWriteOff, outcome: str = "granted", **changes: Any
) -> GuaranteeWriteOff:
    """The other officer's decision on a write-off."""
    values: dict[str, Any] = {
        "write_off_id": row.id,
        "outcome": outcome,
        "motivation": "Kostar mer än det ger.",
        "expected_version": row.version,
    }
    return world.act(OTHER, recourse.decide_write_off, **(values | changes))  # type: ignore[no-any-return]


def accounts(world: World, guarantee_id: UUID) -> dict[str, int]:
    """What stands on each account of a guarantee that anything was put to."""
    found: dict[str, int] = {}
    for line in world.rows(GuaranteePosting, guarantee_id=guarantee_id):
        found[line.account] = found.get(line.account, 0) + line.amount_ore
    return found


def entries(world: World, guarantee_id: UUID) -> list[tuple[str, int]]:
    """Kind and amount of each entry, oldest first."""
    rows = world.rows(GuaranteeEntry, guarantee_id=guarantee_id)
    return [(row.kind, row.amount_ore) for row in rows]


def case_of(world: World, guarantee: Guarantee) -> Case:
    """The case that a guarantee is in."""
    [row] = world.rows(Case, id=guarantee.case_id)
    return row  # type: ignore[no-any-return]


def day(offset: int) -> date:
    """A day so many days from today."""
    return today() + timedelta(days=offset)
