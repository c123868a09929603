"""Each question's figure, against a count written independently in SQL over lives made by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.authority_forms import running, service
from hemvist.authority_forms.definitions import form_on
from hemvist.authority_forms.models import AuthorityForm, AuthorityFormLine
from hemvist.authority_forms.windows import periods
from hemvist.cases.models import Case
from hemvist.circles import service as circles
from hemvist.clock import today
from hemvist.guarantees.models import Guarantee
from hemvist.households.models import HouseholdMember
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.tenancy import Audience, tenant_session
from hemvist_guarantees import RENT, claim, decide, pay, second_officer
from hemvist_made_up import a_number, adult, child
from hemvist_world import GUARANTEE, World, as_owner, new_world

CASEWORKER, MANAGER, OFFICER = "caseworker SOF-VUX", "manager SOF-VUX", "property"


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own: what is counted is counted in the whole of it."""
    return new_world()


def prepared(
    world: World, form: str, first: date, last: date, who: str = CASEWORKER, **more: str
) -> AuthorityForm:
    """A form of days of the test's own choice, counted by the worker."""
    definition = form_on(form, today())
    assert definition is not None
    window = next(one for one in periods(definition, today()) if one.first <= today())
    values = {"form": form, "period": window.code, "department": "SOF-VUX"} | more
    row = world.act(who, service.prepare, **values)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE authority_forms SET first_day = %s, last_day = %s WHERE id = %s",
            (first, last, row.id),
        )
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        running.count(session, row.id)
    return world.again(row)  # type: ignore[no-any-return]


def year(world: World, form: str = "boverket_market", **more: str) -> dict[str, int]:
    day = today()
    return prepared(world, form, day - timedelta(days=360), day, **more).figures


def sql(world: World, text: str, *values: Any) -> Any:
    with as_owner(world.tenant_id) as connection:
        (found,) = connection.execute(text, values).fetchone() or (None,)
    return found


def housed(world: World, *members: Any, children: int = 0) -> Case:
    case = world.case(*members)
    world.contract(world.accepted(case, world.registered(case)))
    for _ in range(children):
        joined_by_child(world, case)
    return case


def joined_by_child(world: World, case: Case) -> None:
    """A child comes into the household when it has its home."""
    other = world.household(adult(), child())
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "INSERT INTO household_members (tenant_id, id, household_id, person_id, role, since)"
            " SELECT tenant_id, %s, %s, person_id, role, %s FROM household_members"
            " WHERE household_id = %s AND role = 'child'",
            (new_id(), case.household_id, today() - timedelta(days=50), other.id),
        )


def ended(world: World, case: Case, reason: str, days_ago: int) -> None:
    """What an end of a contract leaves, whatever the way there was."""
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE contracts SET state = 'ended', ended_on = %s, end_reason = %s WHERE case_id = %s",
            (today() - timedelta(days=days_ago), reason, case.id),
        )


def woman(role: str = "applicant", **changes: Any) -> Any:
    return adult(role, personal_number=_of_sex(0), **changes)


def man(role: str = "applicant", **changes: Any) -> Any:
    return adult(role, personal_number=_of_sex(1), **changes)


def _of_sex(parity: int) -> str:
    while True:
        number = a_number(date(1985, 3, 14))
        if int(number[10]) % 2 == parity:
            return number


def test_homes_let_in_second_hand(world: World) -> None:
    living = housed(world, woman(), man("partner", given_name="Bo"), children=1)
    housed(world, man())
    over = housed(world, woman())
    ended(world, over, "taken_over", 10)
    out = housed(world, man())
    ended(world, out, "evicted", 20)
    never = housed(world, man())
    ended(world, never, "never_began", 80)
    long_over = housed(world, woman())
    ended(world, long_over, "notice", 10)
    # A household that waits is in no home.
    world.case(woman())
    figures = year(world)
    assert figures["sublet_homes"] == 2
    assert figures["sublet_homes"] == sql(
        world,
        "SELECT count(*) FROM contracts WHERE kind = 'sublease' AND starts_on <= %s AND state = 'signed'",
        today(),
    )
    assert figures["three_party_homes"] == 0
    assert (figures["women"], figures["men"], figures["children"]) == (1, 2, 1)
    assert figures["households_with_children"] == 1
    assert figures["moved_in"] == 5
    assert figures["taken_over"] == 1
    assert figures["ended_otherwise"] == 2
    assert figures["evicted"] == 1
    # What was there, came and went makes what is there.
    before = sql(
        world,
        "SELECT count(*) FROM contracts WHERE starts_on < %s AND end_reason IS DISTINCT FROM 'never_began'",
        today() - timedelta(days=360),
    )
    gone = figures["taken_over"] + figures["ended_otherwise"]
    assert before + figures["moved_in"] - gone == figures["sublet_homes"]
    [line] = world.rows(AuthorityFormLine, question="households_with_children")
    assert (line.case_id, line.amount) == (living.id, 1)


def test_who_has_left_the_household_is_not_counted(world: World) -> None:
    case = housed(world, woman(), children=1)
    [member] = world.rows(HouseholdMember, household_id=case.household_id, role="child")
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE household_members SET until = %s WHERE id = %s", (today(), member.id)
        )
    figures = year(world)
    assert (figures["women"], figures["children"], figures["households_with_children"]) == (1, 0, 0)


@pytest.mark.parametrize(("days", "running", "begun"), [(84, 1, 1), (85, 1, 1), (86, 0, 0)])
def test_a_contract_runs_from_its_first_day(
    world: World, days: int, running: int, begun: int
) -> None:
    """It begins 85 days ago."""
    housed(world)
    last = today() - timedelta(days=days)
    figures = prepared(world, "boverket_market", last - timedelta(days=30), last).figures
    assert (figures["sublet_homes"], figures["moved_in"]) == (running, begun)


@pytest.mark.parametrize(("days", "running", "gone"), [(11, 1, 0), (10, 0, 1), (9, 0, 1)])
def test_a_contract_does_not_run_on_the_day_of_its_end(
    world: World, days: int, running: int, gone: int
) -> None:
    ended(world, housed(world), "notice", 10)
    last = today() - timedelta(days=days)
    figures = prepared(world, "boverket_market", last - timedelta(days=30), last).figures
    assert (figures["sublet_homes"], figures["ended_otherwise"]) == (running, gone)


def guaranteed(world: World, months: int = 24, **answers: Any) -> Guarantee:
    second_officer(world)
    case = world.case(**answers)
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=months, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=case.id)
    return row  # type: ignore[no-any-return]


def test_guarantees_given_called_on_and_paid(world: World) -> None:
    called = guaranteed(world)
    guaranteed(world)
    row = decide(world, claim(world, called), RENT)
    pay(world, row, RENT)
    figures = year(world)
    assert figures["guarantees_issued"] == sql(world, "SELECT count(*) FROM guarantees") == 2
    assert figures["guarantees_running"] == 2
    assert figures["guarantees_honoured"] == 1
    assert figures["guarantees_paid"] == sql(world, "SELECT sum(paid_ore) FROM guarantees") == RENT
    # First-hand leases are no homes let in second hand.
    assert figures["sublet_homes"] == 0
    before = today() - timedelta(days=11)
    earlier = prepared(world, "boverket_market", before - timedelta(days=30), before).figures
    assert (earlier["guarantees_honoured"], earlier["guarantees_issued"]) == (0, 0)
    assert earlier["guarantees_running"] == 2


def test_the_grant_application_lists_each_guarantee_with_its_fields(world: World) -> None:
    gives = guaranteed(world, pays_without_income_support=True)
    short = guaranteed(world, months=12, pays_without_income_support=True)
    figures = year(world, "boverket_grant")
    assert (figures["to_apply_for"], figures["amount"]) == (1, 5_000_00)
    assert (figures["not_whole"], figures["without"], figures["unknown"]) == (1, 1, 0)
    [line] = world.rows(AuthorityFormLine, question="to_apply_for")
    assert (line.of, line.case_id) == (gives.id, gives.case_id)
    assert line.fields["yearly_rent_ore"] == 12 * RENT
    assert line.fields["issued_on"] == str(gives.issued_on)
    assert line.fields["reason"] is None
    [other] = world.rows(AuthorityFormLine, question="without")
    assert other.of == short.id


def test_what_was_applied_for_before_is_not_applied_for_again(world: World) -> None:
    row = guaranteed(world, pays_without_income_support=True)
    first = row.issued_on + timedelta(days=1)
    with as_owner(world.tenant_id) as connection:
        asked = "UPDATE guarantees SET grant_applied_on = %s"
        assert prepared(world, "boverket_grant", first, today()).figures["earlier"] == 1
        connection.execute(asked, (row.issued_on,))
    figures = prepared(world, "boverket_grant", first, today()).figures
    assert (figures["to_apply_for"], figures["earlier"]) == (0, 0)


def test_the_property_office_counts_what_lies_open_to_it(world: World) -> None:
    guaranteed(world, pays_without_income_support=True)
    figures = year(world, "boverket_grant", who=OFFICER, department="FF")
    assert figures["to_apply_for"] == 1
    assert (
        year(world, "boverket_grant", who="caseworker AMF", department="AMF")["to_apply_for"] == 0
    )


def test_a_case_in_a_closed_circle_counts_and_is_not_shown(world: World) -> None:
    """An authority is told the whole; which case it is only the circle sees."""
    case = housed(world)
    world.add("outside", Membership(Role.CASEWORKER, "SOF-VUX"))
    now = world.again(case)
    world.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=[world[CASEWORKER].principal_id],
        reason="Threats",
        expected_version=now.version,
    )
    assert year(world, who="outside")["sublet_homes"] == 1
    with world.session(world["outside"]) as session:
        assert session.query(AuthorityFormLine).count() == 0
    with world.session(world[CASEWORKER]) as session:
        assert session.query(AuthorityFormLine).filter_by(question="sublet_homes").count() == 1


def week(world: World) -> dict[str, int]:
    return prepared(world, "socialstyrelsen_mapping", today() - timedelta(days=6), today()).figures


def test_situations_are_told_by_contracts_and_answers_and_never_guessed(world: World) -> None:
    housed(world, woman(), man("partner", given_name="Bo"), children=1)
    world.case(man(), current_housing="no_home")
    world.case(man(), current_housing="with_others")
    world.case(woman(), current_housing="institution")
    world.case(woman(), current_housing="own_lease")
    world.case(woman(), current_housing="other")
    figures = week(world)
    assert figures == {
        "situation_1": 1,
        "situation_2": 0,
        "situation_3": 2,
        "situation_4": 1,
        "not_homeless": 1,
        # Institution without a day of discharge, and another kind of housing.
        "unknown": 2,
        "children_3": 1,
    }
    adults = sql(
        world,
        "SELECT count(*) FROM household_members m WHERE role <> 'child'"
        " AND EXISTS (SELECT FROM cases c WHERE c.household_id = m.household_id)",
    )
    children = figures.pop("children_3")
    assert (sum(figures.values()), children) == (adults, 1)


def test_a_home_left_in_the_week_is_still_situation_3(world: World) -> None:
    ended(world, housed(world, woman()), "notice", 3)
    assert week(world)["situation_3"] == 1
    gone = new_world()
    ended(gone, housed(gone, woman()), "notice", 7)
    assert week(gone)["situation_3"] == 0


def test_decisions_not_carried_out_are_those_of_the_quarterly_report(world: World) -> None:
    one = world.grant(world.case(woman()), on=today() - timedelta(days=150))
    world.grant(world.case(woman()), on=today() - timedelta(days=20))
    first = today() - timedelta(days=60)
    figures = prepared(world, "ivo_unexecuted", first, today()).figures
    assert figures == {"waiting": 1, "executed": 0, "ended": 0, "women": 1, "men": 0}
    [line] = world.rows(AuthorityFormLine, question="waiting")
    assert (line.of, line.case_id) == (one.id, one.case_id)


def test_every_figure_is_what_its_lines_say(world: World) -> None:
    housed(world, woman(), children=1)
    guaranteed(world, pays_without_income_support=True)
    for code in ("boverket_market", "boverket_grant", "socialstyrelsen_mapping", "ivo_unexecuted"):
        definition = form_on(code, today())
        assert definition is not None
        row = prepared(world, code, today() - timedelta(days=360), today())
        lines = world.rows(AuthorityFormLine, form_id=row.id)
        for question in definition.questions:
            mine = [one.amount for one in lines if one.question == question.code]
            if question.counted:
                told = sum(mine) if question.measure == "sum" else len(mine)
                assert row.figures[question.code] == told
    assert world.rows(AuthorityFormLine)


def test_counted_twice_is_counted_once(world: World) -> None:
    housed(world)
    first, second = year(world), year(world)
    assert first == second
    assert len(world.rows(AuthorityFormLine, question="sublet_homes")) == 1
    [row] = world.rows(AuthorityForm)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert running.count(session, row.id) is None
