"""Notice of a contract and its end: the days, the law beside the guideline, the unit, the case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract, ContractNotice
from hemvist.contracts.periods import month_end
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.policy import add_months
from hemvist.units.models import Unit
from hemvist_world import World, at_once, caseworker_of, new_world


@pytest.fixture
def contract(world: World) -> Contract:
    case = world.case()
    return world.contract(world.accepted(case, world.registered(case)))


def give(world: World, contract: Contract, **changes: Any) -> ContractNotice:
    values: dict[str, Any] = {"given_by": "tenant"}
    return world.act(  # type: ignore[no-any-return]
        "property",
        ending.notice,
        contract_id=contract.id,
        expected_version=world.again(contract).version,
        **(values | changes),
    )


def end(world: World, contract: Contract, reason: str = "agreement", **changes: Any) -> Contract:
    return world.act(  # type: ignore[no-any-return]
        "property",
        ending.end,
        contract_id=contract.id,
        expected_version=world.again(contract).version,
        reason=reason,
        **changes,
    )


def refused(run: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as wrong:
        run()
    return {(one.field, one.rule) for one in wrong.value.problems}


def events(world: World, contract: Contract) -> list[str]:
    return [one.kind for one in world.rows(CaseEvent, case_id=contract.case_id)]


def test_a_notice_ends_at_the_month_end_after_three_months(
    world: World, contract: Contract
) -> None:
    day = today() - timedelta(days=3)
    given = give(world, contract, given_on=day)
    assert given.ends_on == given.lawful_ends_on == month_end(add_months(day, 3))
    assert world.again(contract).notice_ends_on == given.ends_on
    assert "notice_given" in events(world, contract)


def test_the_landlords_notice_has_a_ground(world: World, contract: Contract) -> None:
    assert refused(lambda: give(world, contract, given_by="landlord")) == {
        ("notice.ground", "required")
    }
    assert refused(lambda: give(world, contract, given_by="owner")) == {
        ("givenBy", "unknown_choice")
    }
    told = give(world, contract, given_by="landlord", details={"ground": "other"})
    assert told.ground == "other"
    assert world.rows(ContractNotice, contract_id=contract.id)[-1].details["ground"] == "other"


def test_no_earlier_day_than_the_lawful_unless_forfeited(world: World, contract: Contract) -> None:
    soon = today() + timedelta(days=14)
    plain = {"given_by": "landlord", "details": {"ground": "other"}, "ends_on": soon}
    assert refused(lambda: give(world, contract, **plain)) == {("endsOn", "too_early")}
    forfeited = {
        "given_by": "landlord",
        "ends_on": soon,
        "details": {
            "ground": "misconduct",
            "demand_sent_on": str(today() - timedelta(days=30)),
            "board_told_on": str(today() - timedelta(days=20)),
        },
        "went_on_because": "Förverkad enligt 12:42.",
    }
    assert give(world, contract, **forfeited).ends_on == soon


def test_an_end_frees_the_unit_and_tells_the_case(world: World, contract: Contract) -> None:
    ended = end(world, contract)
    assert (ended.state, ended.ended_on, ended.end_reason) == ("ended", today(), "agreement")
    unit = world.rows(Unit, id=contract.unit_id)[0]
    assert (unit.state, unit.available_from) == ("vacant", today())
    assert events(world, contract)[-1] == "contract_ended"
    with pytest.raises(Conflict) as again:
        end(world, contract)
    assert again.value.rule == "contract_ended"


def test_the_unit_goes_back_to_its_owner_when_said(world: World, contract: Contract) -> None:
    end(world, contract, unit_becomes="returned")
    assert world.rows(Unit, id=contract.unit_id)[0].state == "returned"


def test_by_notice_only_when_it_has_run_out(world: World, contract: Contract) -> None:
    assert refused(lambda: end(world, contract, "notice")) == {("reason", "no_notice")}
    give(world, contract)
    assert refused(lambda: end(world, contract, "notice")) == {("endedOn", "too_early")}
    assert refused(lambda: end(world, contract, "term_over")) == {("reason", "no_term")}
    assert refused(lambda: end(world, contract, "never_began")) == {("endedOn", "began")}
    assert refused(lambda: end(world, contract, "taken_over")) == {("reason", "unknown_choice")}
    assert world.again(contract).state == "signed"


def test_the_first_hand_lease_comes_in_its_place(world: World, contract: Contract) -> None:
    with world.session(world["property"]) as session:
        row = session.find(Contract, contract.id)
        session.lock(row)
        case = session.find(Case, row.case_id)
        lease = ending.taken_over(
            session, world["property"], case, row, on=today(), signed_on=today()
        )
    assert (lease.kind, lease.follows_id, lease.starts_on) == ("first_hand", contract.id, today())
    assert world.again(contract).end_reason == "taken_over"
    assert "contract_ended" not in events(world, contract)
    assert world.rows(Unit, id=contract.unit_id)[0].state == "returned"


def test_only_who_may_and_only_in_the_own_kommun(world: World, contract: Contract) -> None:
    values = {"contract_id": contract.id, "expected_version": 1, "reason": "agreement"}
    with pytest.raises(NotAllowed):
        world.act(caseworker_of("SOF-VUX"), ending.end, **values)
    with pytest.raises(NotFound):
        other = new_world()
        other.act("property", ending.end, **values)


def test_two_end_one_contract_and_one_wins(world: World, contract: Contract) -> None:
    def run(reason: str) -> Contract:
        return world.act(  # type: ignore[no-any-return]
            "property",
            ending.end,
            contract_id=contract.id,
            expected_version=contract.version,
            reason=reason,
        )

    outcomes = at_once(lambda: run("agreement"), lambda: run("abandoned"))
    lost = [one for one in outcomes if isinstance(one, Exception)]
    assert len(lost) == 1 and isinstance(lost[0], Conflict)
    assert events(world, contract).count("contract_ended") == 1


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 9, 1), date(2026, 12, 31)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
    ],
)
def test_month_ends(given: date, ends: date) -> None:
    assert month_end(add_months(given, 3)) == ends


def test_a_home_that_is_free_again_is_offered_again(world: World, contract: Contract) -> None:
    """The offer that the ended contract came of stays accepted, and holds the home no longer."""
    end(world, contract)
    home = world.rows(Unit, id=contract.unit_id)[0]
    assert home.state == "vacant"
    other = world.case()
    again = world.offer(world.registered(other), home, on=today())
    assert (again.state, world.again(home).state) == ("made", "offered")
