"""What runs with a contract: the chain, block letting, rents, waivers, and days that never drift."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hemvist.clock import today
from hemvist.contracts import ending, head_leases, rents, waivers
from hemvist.contracts.chain import ContractParty, HeadLease, Letting
from hemvist.contracts.changes import TenureWaiver
from hemvist.contracts.models import Contract
from hemvist.contracts.periods import month_end, notice_end
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, ValidationFailed
from hemvist.offers import service as offers
from hemvist.policy import Num, Registry, Span, add_months
from hemvist.policy.clauses import StatedTime
from hemvist_world import PACK, World, caseworker_of

START = today() - timedelta(days=85)
GUIDELINE = Registry.discover().get(PACK)


@pytest.fixture
def contract(world: World) -> Contract:
    case = world.case()
    return world.contract(world.accepted(case, world.registered(case)))


def keep(world: World, verb: Any, contract: Contract, **values: Any) -> Any:
    version = world.again(contract).version
    return world.act("property", verb, contract_id=contract.id, expected_version=version, **values)


def head(world: World, *units: Any, **changes: Any) -> HeadLease:
    values: dict[str, Any] = {"starts_on": today() - timedelta(days=200), "rent_ore": 100}
    return world.act(  # type: ignore[no-any-return]
        "property", head_leases.sign, unit_ids=[one.id for one in units], **(values | changes)
    )


def refused(run: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as wrong:
        run()
    return {(one.field, one.rule) for one in wrong.value.problems}


def test_a_sublease_hangs_on_the_kommuns_lease(world: World) -> None:
    units = [world.unit() for _ in range(3)]
    lease = head(world, *units)
    assert lease.units_signed == 3
    with pytest.raises(Conflict) as twice:
        head(world, units[0])
    assert twice.value.rule == "unit_let"
    case = world.case()
    offer = world.offer(world.registered(case), units[0])
    world.act(
        caseworker_of(case.department),
        offers.accept,
        offer_id=offer.id,
        expected_version=offer.version,
        on=today() - timedelta(days=95),
    )
    signed = world.contract(offer)
    assert signed.head_lease_id == lease.id
    roles = {one.role for one in world.rows(ContractParty, contract_id=signed.id)}
    assert roles == {"tenant", "kommun"}
    with pytest.raises(Conflict) as living:
        world.act(
            "property", head_leases.end, head_lease_id=lease.id, expected_version=lease.version
        )
    assert living.value.rule == "sublease_running"
    keep(world, ending.end, signed, reason="agreement", unit_becomes="returned")
    levels = {(one.level, one.ends_on) for one in world.rows(Letting, unit_id=units[0].id)}
    assert levels == {("home", today()), ("first_hand", today())}
    assert world.again(lease).state == "signed"


def test_the_database_lets_no_unit_twice(world: World, contract: Contract) -> None:
    with pytest.raises(DBAPIError) as twice, world.session(world["property"]) as session:
        session.execute(
            text(
                "INSERT INTO lettings (tenant_id, id, unit_id, level, starts_on, source_id)"
                " VALUES (:tenant, :id, :unit, 'home', :day, :source)"
            ),
            {
                "tenant": world.tenant_id,
                "id": uuid4(),
                "unit": contract.unit_id,
                "day": today() + timedelta(days=400),
                "source": uuid4(),
            },
        )
    assert getattr(twice.value.orig, "sqlstate", "") == "23P01"


def test_rents_are_dated(world: World, contract: Contract) -> None:
    later = today() + timedelta(days=30)
    keep(world, rents.change_rent, contract, valid_from=later, rent_ore=600_001, reason="Avtal")
    reads = lambda day: world.read(lambda s: rents.rent_on(s, contract, day))  # noqa: E731
    assert reads(later - timedelta(days=1)) == contract.rent_ore
    assert reads(later) == 600_001
    with pytest.raises(Conflict):
        keep(world, rents.change_rent, contract, valid_from=later, rent_ore=1, reason="Igen")
    early = {"valid_from": today() - timedelta(days=1), "rent_ore": -1, "reason": " "}
    assert refused(lambda: keep(world, rents.change_rent, contract, **early)) == {
        ("reason", "required"),
        ("rentOre", "range"),
        ("validFrom", "before_told"),
    }


def alarms(world: World, contract: Contract) -> list[tuple[str, date]]:
    rows = world.rows(Obligation, anchor_id=contract.id, code="tenure_alarm")
    return [(one.state, one.due_on) for one in rows]


def test_an_alarm_comes_before_the_two_years_and_before_a_waiver_ends(
    world: World, contract: Contract
) -> None:
    assert alarms(world, contract) == [("open", add_months(START, 21))]
    values: dict[str, Any] = {
        "months": 36,
        "basis": "tribunal",
        "approval_number": "HN 123-26",
        "approved_on": today(),
    }
    waiver = keep(world, waivers.record_waiver, contract, **values)
    assert waiver.until_on == add_months(START, 36)
    assert alarms(world, contract) == [
        ("cancelled", add_months(START, 21)),
        ("open", add_months(add_months(START, 36), -3)),
    ]
    keep(world, ending.end, contract, reason="agreement")
    assert {state for state, _ in alarms(world, contract)} == {"cancelled"}


def test_a_waiver_has_its_form(world: World, contract: Contract) -> None:
    def wrong(**changes: Any) -> set[tuple[str, str]]:
        values: dict[str, Any] = {"months": 24, "basis": "tribunal"} | changes
        return refused(lambda: keep(world, waivers.record_waiver, contract, **values))

    assert wrong(approval_number="HN 1") == {("approvalNumber", "required")}
    assert wrong(basis="exempt_form") == {("exemptForm", "required")}
    assert wrong(partner="accepts") == {("partnerAcceptedOn", "required")}
    assert wrong(months=0) == {("months", "range")}
    # Without the tribunal's answer somebody says why to go on (LF-2).
    assert wrong() == {("wentOnBecause", "say_why_you_go_on")}
    assert world.rows(TenureWaiver, contract_id=contract.id) == []


DAYS = st.dates(date(2015, 1, 1), date(2090, 12, 31))


@given(DAYS, st.sampled_from(["landlord", "tenant"]), st.booleans())
def test_notice_days_never_drift(day: date, given_by: str, fixed: bool) -> None:
    """Always a month's end, three months on counted from the day itself, in leap years too."""
    ends = add_months(day, 18) if fixed else None
    lease = SimpleNamespace(starts_on=add_months(day, -6), ends_on=ends, terms={})
    found = notice_end(GUIDELINE, None, lease, given_by, day)
    if fixed and given_by == "landlord":
        assert found.ends_on == ends
        return
    assert found.ends_on == month_end(found.ends_on)
    assert (found.ends_on + timedelta(days=1)).day == 1
    assert add_months(day, 3) <= found.ends_on < add_months(day.replace(day=1), 4)


@given(DAYS)
def test_a_month_end_is_its_own(day: date) -> None:
    last = month_end(day)
    assert (last.year, last.month) == (day.year, day.month)
    assert month_end(last) == last


@pytest.mark.parametrize(
    ("by", "tenants"), [(None, date(2026, 3, 2)), ("landlord", date(2026, 6, 30))]
)
def test_a_time_of_the_landlords_says_nothing_of_the_tenants_notice(
    by: str | None, tenants: date
) -> None:
    lease = SimpleNamespace(starts_on=date(2026, 1, 1), ends_on=None, terms={})
    stated = StatedTime(Span("days", Num(1)), ("Rutinen",), by=by)
    form = SimpleNamespace(terms=(), notice=stated)
    day = date(2026, 3, 1)
    ends = {who: notice_end(GUIDELINE, form, lease, who, day) for who in ("landlord", "tenant")}
    assert ends["tenant"].ends_on == tenants
    # The landlord's never ends it before the law's day.
    assert ends["landlord"].ends_on == date(2026, 6, 30)
    assert ends["landlord"].shorter_than_law
