"""Opening, seeing and closing cases; the pinned pack; who sees what when."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import select

from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.access import visible_cases
from hemvist.cases.models import Case, CaseDisclosure, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households.access import visible_households
from hemvist.households.models import Household
from hemvist.identity import Membership, Role
from hemvist.referrals import service as referrals
from hemvist_world import PACK, World, adopt, adult, as_owner, at_once, new_world

CASEWORKER = "caseworker SOF-VUX"


def open_case(world: World, household: Household, **more: object) -> Case:
    values = {"household_id": household.id, "department": household.department, **more}
    return world.act(f"caseworker {household.department}", cases.open_case, **values)  # type: ignore[no-any-return]


def test_a_case_is_pinned_and_numbered(world: World) -> None:
    household = world.household()
    day = today() - timedelta(days=3)
    case = open_case(world, household, opened_on=day)
    assert (case.state, case.pack, case.pack_version.count(".")) == ("open", PACK, 2)
    assert case.number.startswith(f"{day.year}-")
    assert case.handler_id == world[CASEWORKER].principal_id
    event = world.rows(CaseEvent, case_id=case.id)[0]
    assert (event.kind, event.occurred_on, event.actor_name) == ("case_opened", day, CASEWORKER)


def test_words_in_a_line_of_the_timeline_are_refused_by_the_database(world: World) -> None:
    case = world.case()
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="ck_case_events_codes_only"),
        as_owner(world.tenant_id) as connection,
    ):
        connection.execute(
            """UPDATE case_events SET data = '{"reasons": ["Hon är rädd"]}' WHERE case_id = %s""",
            (case.id,),
        )


def test_numbers_run_within_the_year() -> None:
    world = new_world()
    first, second = (open_case(world, world.household()).number for _ in range(2))
    year = today().year
    assert (first, second) == (f"{year}-000001", f"{year}-000002")


def test_one_open_case_in_a_department(world: World) -> None:
    household = world.household()
    case = open_case(world, household)
    with pytest.raises(Conflict) as refused:
        open_case(world, household)
    assert (refused.value.rule, refused.value.params) == (
        "case_already_open",
        {"number": case.number},
    )
    world.act(
        CASEWORKER, closing.close, reason="other", case_id=case.id, expected_version=case.version
    )
    assert open_case(world, household).number != case.number


def test_two_who_open_a_case_for_one_household_at_once(world: World) -> None:
    household = world.household()
    outcomes = at_once(*[lambda: open_case(world, household)] * 3)
    assert sorted(type(one).__name__ for one in outcomes) == ["Case", "Conflict", "Conflict"]
    assert len(world.rows(Case, household_id=household.id)) == 1


@pytest.mark.parametrize("department", ["FF", "NO-SUCH", ""])
def test_only_a_referring_department_has_cases(world: World, department: str) -> None:
    household = world.household()
    with pytest.raises(ValidationFailed) as refused:
        open_case(world, household, department=department)
    problem = refused.value.problems[0]
    assert (problem.field, problem.rule) == ("department", "unknown_department")
    assert "SOF-VUX" in problem.params["allowed"]


def test_the_day_lies_between_registration_and_today(world: World) -> None:
    household = world.household(registered_on=today() - timedelta(days=10))
    for day, rule in ((1, "future"), (-11, "too_early")):
        with pytest.raises(ValidationFailed) as refused:
            open_case(world, household, opened_on=today() + timedelta(days=day))
        assert (refused.value.problems[0].field, refused.value.problems[0].rule) == (
            "openedOn",
            rule,
        )


def test_a_kommun_without_the_pack_opens_no_case() -> None:
    world = new_world(pack=None)
    household = world.household()
    for pack in (None, PACK, "no/such"):
        with pytest.raises(ValidationFailed) as refused:
            open_case(world, household, pack=pack)
        assert refused.value.problems[0].rule == "pack_not_adopted"


def test_a_pack_counts_from_the_day_it_was_adopted() -> None:
    world = new_world(pack=None)
    adopt(world.tenant_id, since=today() - timedelta(days=5))
    household = world.household()
    with pytest.raises(ValidationFailed):
        open_case(world, household, opened_on=today() - timedelta(days=6))
    assert open_case(world, household, opened_on=today() - timedelta(days=5)).pack == PACK


def test_another_departments_household_is_not_there(world: World) -> None:
    household = world.household(department="AMF")
    with pytest.raises(NotFound):
        world.act(CASEWORKER, cases.open_case, household_id=household.id, department="SOF-VUX")


def test_managers_and_property_officers_open_none(world: World) -> None:
    household = world.household()
    with pytest.raises(NotAllowed):
        world.act(
            "manager SOF-VUX", cases.open_case, household_id=household.id, department="SOF-VUX"
        )
    with pytest.raises(NotFound):
        world.act("property", cases.open_case, household_id=household.id, department="SOF-VUX")


def test_closing(world: World) -> None:
    case = world.case()
    with pytest.raises(Conflict) as stale:
        world.act(
            CASEWORKER,
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=case.version + 1,
        )
    assert stale.value.rule == "stale_version"
    with pytest.raises(ValidationFailed):
        world.act(
            CASEWORKER,
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=case.version,
            on=today() + timedelta(days=1),
        )
    closed = world.act(
        CASEWORKER, closing.close, reason="other", case_id=case.id, expected_version=case.version
    )
    assert (closed.state, closed.closed_on) == ("closed", today())
    with pytest.raises(Conflict) as again:
        world.act(
            CASEWORKER,
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=closed.version,
        )
    assert again.value.rule == "case_closed"


def test_a_case_is_closed_for_a_reason_that_there_is(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            CASEWORKER, closing.close, reason="x", case_id=case.id, expected_version=case.version
        )
    assert refused.value.problems[0].field == "reason"


def test_a_case_is_not_closed_over_a_referral_that_waits(world: World) -> None:
    case = world.case()
    world.submitted(case)
    with pytest.raises(Conflict) as refused:
        world.act(
            CASEWORKER,
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=world.again(case).version,
        )
    assert refused.value.rule == "referral_hinders_closing"


def test_nothing_is_due_in_a_closed_case(world: World) -> None:
    case = world.case()
    world.grant(case)
    assert [row.state for row in world.rows(Obligation, case_id=case.id)] == ["open"]
    case = world.again(case)
    world.act(
        CASEWORKER, closing.close, reason="other", case_id=case.id, expected_version=case.version
    )
    assert [row.state for row in world.rows(Obligation, case_id=case.id)] == ["cancelled"]


def test_the_property_office_sees_a_case_when_it_is_disclosed_and_not_before(
    world: World,
) -> None:
    case = world.case()
    property_officer = world["property"]
    assert not sees(world, "property", case)
    world.submitted(case)
    assert sees(world, "property", case)
    disclosure = world.rows(CaseDisclosure, case_id=case.id)[0]
    assert disclosure.ground == referrals.DISCLOSURE_GROUND
    # The household is seen through the case, and only so.
    with world.session(property_officer) as session:
        shown = set(
            session.scalars(select(Household.id).where(visible_households(property_officer)))
        )
    assert case.household_id in shown
    assert world.household().id not in shown
    # A second property officer of another department is nobody.
    stranger = world.add("other office", Membership(Role.PROPERTY_OFFICER, "XX"))
    assert not sees(world, stranger.name, case)


def test_other_departments_never_see_it(world: World) -> None:
    case = world.case()
    world.submitted(case)
    for name in ("caseworker AMF", "manager AMF", "caseworker SOF-BUF"):
        assert not sees(world, name, case)
    assert sees(world, "manager SOF-VUX", case)


@pytest.mark.parametrize(
    "role",
    [Role.STEERING, Role.LOG_REVIEWER, Role.TENANT_ADMIN, Role.LANDLORD_AGENT, Role.OPERATOR],
)
def test_roles_without_casework_see_no_case(world: World, role: Role) -> None:
    case = world.case()
    somebody = world.add(f"a {role.value}", Membership(role), Membership(role, "SOF-VUX"))
    assert not sees(world, somebody.name, case)
    with pytest.raises(NotFound):
        world.act(
            somebody, closing.close, reason="other", case_id=case.id, expected_version=case.version
        )


def test_a_case_of_long_ago_is_numbered_in_its_year(world: World) -> None:
    household = world.household(
        adult(protection_checked_on=date(2025, 1, 1)), registered_on=date(2025, 5, 1)
    )
    assert open_case(world, household, opened_on=date(2025, 6, 1)).number.startswith("2025-")


def sees(world: World, name: str, case: Case) -> bool:
    with world.session(world[name]) as session:
        found = session.scalar(
            select(Case.id).where(Case.id == case.id, visible_cases(world[name]))
        )
    return found is not None
