"""The three weeks of JB 12:44, the board's undertaking within them, and paying off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.arrears import accounts, instalments, liabilities, recovery
from hemvist.arrears.models import RentAccount
from hemvist.arrears.recovery import last_day
from hemvist.arrears.time_models import RecoveryPeriod, RentLiability
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.incidents.clock_models import ServiceClock
from hemvist_arrears import account, imported, row
from hemvist_world import World, adult, child, new_world

WHO, MANAGER, DEPARTMENT = "caseworker SOF-VUX", "manager SOF-VUX", "SOF-VUX"
NUMBER = "198503149844"


@pytest.fixture
def world(database: str) -> World:
    """A kommun of its own."""
    return new_world()


def owing(world: World, *more: Any) -> tuple[RentAccount, Case]:
    case = world.case(adult(personal_number=NUMBER), *more)
    imported(world, WHO, DEPARTMENT, [row("A-1", Personnummer=NUMBER)])
    return account(world, "A-1"), case


def running(world: World, found: RentAccount, **changes: Any) -> RecoveryPeriod:
    values = {
        "amount_ore": found.balance_ore,
        "served_on": today() - timedelta(days=3),
        "board_told_on": today() - timedelta(days=1),
    }
    return world.act(  # type: ignore[no-any-return]
        WHO, recovery.register_recovery, account_id=found.id, **(values | changes)
    )


def rules(wrong: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(one.field, one.rule) for one in wrong.value.problems}


@pytest.mark.parametrize(
    ("served", "told", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 24)),
        (date(2026, 11, 9), date(2026, 11, 3), date(2026, 11, 30)),
        # Three weeks from a Saturday end on one, and 5 December 2026 is one: the Monday after.
        (date(2026, 11, 14), date(2026, 11, 14), date(2026, 12, 7)),
        # Midsummer Eve counts as a holiday (1930:173).
        (date(2026, 5, 29), date(2026, 5, 29), date(2026, 6, 22)),
    ],
)
def test_the_last_day_counts_from_the_later_of_service_and_word(
    served: date, told: date, last: date
) -> None:
    assert last_day(served, told) == last


def test_the_clock_runs_when_both_have_happened(world: World) -> None:
    found, case = owing(world)
    with pytest.raises(ValidationFailed) as nothing:
        running(world, found, served_on=None, board_told_on=None)
    assert rules(nothing) == {("servedOn", "required")}
    period = running(world, found, board_told_on=None)
    assert period.last_on is None
    assert not world.rows(ServiceClock, subject_id=period.id)
    with pytest.raises(Conflict):
        running(world, found)
    told = world.act(
        WHO,
        recovery.complete_recovery,
        recovery_id=period.id,
        board_told_on=today(),
        expected_version=period.version,
    )
    assert told.last_on is not None and told.last_on >= today() + timedelta(days=21)
    (clock,) = world.rows(ServiceClock, subject_id=period.id)
    assert (clock.case_id, clock.code, clock.state) == (case.id, "arrears", "running")
    paid = world.act(
        WHO,
        recovery.end_recovery,
        recovery_id=period.id,
        how="paid",
        expected_version=told.version,
    )
    assert paid.state == "paid"
    assert world.again(clock).state == "kept"


def test_time_that_has_not_run_out_is_not_expired(world: World) -> None:
    found, _ = owing(world)
    period = running(world, found)
    with pytest.raises(ValidationFailed) as early:
        world.act(
            WHO, recovery.end_recovery, recovery_id=period.id, how="expired", expected_version=1
        )
    assert rules(early) == {("how", "not_expired")}
    late = today() - timedelta(days=60)
    with pytest.raises(ValidationFailed):
        world.act(
            WHO,
            recovery.end_recovery,
            recovery_id=period.id,
            how="lost",
            on=late,
            expected_version=1,
        )


def test_paid_after_the_last_day_does_not_win_back(world: World) -> None:
    found, _ = owing(world)
    then = today() - timedelta(days=40)
    period = running(world, found, served_on=then, board_told_on=then)
    with pytest.raises(ValidationFailed) as late:
        world.act(WHO, recovery.end_recovery, recovery_id=period.id, how="paid", expected_version=1)
    assert rules(late) == {("on", "after_recovery")}
    ended = world.act(
        WHO, recovery.end_recovery, recovery_id=period.id, how="expired", expected_version=1
    )
    assert ended.state == "expired"


def test_the_board_answers_for_the_debt_with_four_eyes(world: World) -> None:
    found, case = owing(world, child())
    period = running(world, found)
    said = {"recovery_id": period.id, "amount_ore": period.amount_ore}
    with pytest.raises(ValidationFailed) as wrong:
        world.act(
            WHO, liabilities.propose_liability, recovery_id=period.id, amount_ore=1, motivation=""
        )
    # Of a household with children what it means for them is always said.
    assert rules(wrong) == {
        ("motivation", "required"),
        ("amountOre", "below_debt"),
        ("childrenConsidered", "required"),
    }
    words = {"motivation": "Familjen kan betala framöver.", "children_considered": "Skolan nära."}
    proposed = world.act(WHO, liabilities.propose_liability, **said, **words)
    with pytest.raises(Conflict):
        world.act(WHO, liabilities.propose_liability, **said, **words)
    sign = {"liability_id": proposed.id, "outcome": "decided", "expected_version": 1}
    with pytest.raises(NotAllowed):
        world.act(WHO, liabilities.decide_liability, **sign)
    with pytest.raises(NotFound):
        world.act("manager AMF", liabilities.decide_liability, **sign)
    with pytest.raises(Conflict):
        world.act(WHO, liabilities.tell_landlord, liability_id=proposed.id, expected_version=1)
    signed = world.act(MANAGER, liabilities.decide_liability, **sign)
    assert world.again(period).state == "running"
    told = world.act(
        WHO, liabilities.tell_landlord, liability_id=proposed.id, expected_version=signed.version
    )
    assert (told.state, told.told_on) == ("told", today())
    assert world.again(period).state == "assumed"
    (clock,) = world.rows(ServiceClock, subject_id=period.id)
    assert clock.state == "kept"
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=case.id)]
    assert [one for one in kinds if one.startswith(("liability", "recovery"))] == [
        *("recovery_started", "liability_proposed", "liability_decided"),
        *("liability_assumed", "recovery_ended"),
    ]


def test_nobody_signs_their_own_proposal(world: World) -> None:
    from hemvist.identity import Membership, Role

    both = world.add(
        "both",
        Membership(Role.CASEWORKER, DEPARTMENT),
        Membership(Role.DEPARTMENT_MANAGER, DEPARTMENT),
    )
    found, _ = owing(world, child())
    period = running(world, found)
    proposed = world.act(
        both,
        liabilities.propose_liability,
        recovery_id=period.id,
        amount_ore=period.amount_ore,
        motivation="x",
        children_considered="y",
    )
    with pytest.raises(NotAllowed):
        world.act(
            both,
            liabilities.decide_liability,
            liability_id=proposed.id,
            outcome="decided",
            expected_version=1,
        )
    assert world.rows(RentLiability)[0].state == "proposed"


def test_children_are_found_out_before_the_board_answers(world: World) -> None:
    found, _ = owing(world)
    period = running(world, found)
    said = {"recovery_id": period.id, "amount_ore": period.amount_ore, "motivation": "x"}
    with pytest.raises(ValidationFailed) as unknown:
        world.act(WHO, liabilities.propose_liability, **said)
    assert rules(unknown) == {("childrenConsidered", "children_unknown")}
    fresh = world.again(found)
    world.act(
        WHO,
        accounts.tell_children,
        account_id=found.id,
        children=False,
        expected_version=fresh.version,
    )
    assert world.act(WHO, liabilities.propose_liability, **said).state == "proposed"


def test_a_debt_is_paid_off_in_parts(world: World) -> None:
    found, case = owing(world)
    days = [today() + timedelta(days=30 * number) for number in (1, 2)]
    with pytest.raises(ValidationFailed) as wrong:
        world.act(
            WHO,
            instalments.agree_instalments,
            account_id=found.id,
            instalments=[
                {"due_on": days[1], "amount_ore": 0},
                {"due_on": days[0], "amount_ore": 100},
            ],
        )
    assert rules(wrong) == {
        ("instalments[0].amountOre", "range"),
        ("instalments[1].dueOn", "too_early"),
    }
    plan = world.act(
        WHO,
        instalments.agree_instalments,
        account_id=found.id,
        instalments=[{"due_on": day, "amount_ore": 372_525} for day in days],
    )
    assert plan.total_ore == 745_050
    for number in (1, 2):
        plan = world.act(
            WHO,
            instalments.record_instalment,
            plan_id=plan.id,
            number=number,
            expected_version=plan.version,
        )
    assert plan.state == "kept"
    with pytest.raises(Conflict):
        world.act(
            WHO, instalments.end_instalments, plan_id=plan.id, broken=True, expected_version=3
        )
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=case.id)]
    assert kinds[-2:] == ["instalments_agreed", "instalments_ended"]


def test_a_tenancy_is_tied_to_a_case_by_hand(world: World) -> None:
    imported(world, WHO, DEPARTMENT, [row("B-1")])
    found, case = account(world, "B-1"), world.case()
    period = running(world, found)
    with pytest.raises(Conflict) as alone:
        world.act(
            WHO,
            liabilities.propose_liability,
            recovery_id=period.id,
            amount_ore=period.amount_ore,
            motivation="x",
        )
    assert alone.value.rule == "liability_needs_case"
    linked = world.act(
        WHO,
        accounts.link_case,
        account_id=found.id,
        case_id=case.id,
        expected_version=found.version,
    )
    assert linked.case_id == case.id
    assert world.rows(CaseEvent, case_id=case.id)[-1].kind == "arrears_registered"
    with pytest.raises(Conflict):
        world.act(
            WHO,
            accounts.link_case,
            account_id=found.id,
            case_id=world.case().id,
            expected_version=linked.version,
        )
