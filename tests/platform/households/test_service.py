"""Registering households: every check of numbers, names, protection; sealing; who finds whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from hemvist.audit import AuditEntry
from hemvist.circles import service as circles
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households import service as households
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.service import NUMBER_FIELD
from hemvist.identity import Membership, Role
from hemvist.outbox.models import OutboxEvent
from hemvist.tenancy.keys import SealBroken, tenant_keys
from hemvist_world import (
    World,
    a_number,
    adult,
    as_owner,
    at_once,
    caseworker_of,
    child,
    manager_of,
    new_world,
)

BORN = date(1971, 2, 3)


def register(world: World, *members: households.NewMember, **more: Any) -> Household:
    return world.household(*members, **more)


def problems(refused: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(problem.field, problem.rule) for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("", "required"),
        ("19710203", "personal_number_form"),
        ("19710203-98", "personal_number_form"),
        ("abc", "personal_number_form"),
        ("19710230-9801", "personal_number_check"),
        ("19711303-9801", "personal_number_check"),
        ("١٩٧١٠٢٠٣٩٨٠١", "personal_number_form"),
        ("9" * 1_000_000, "personal_number_form"),
        ("19710203-980\n1", "personal_number_form"),
    ],
)
def test_a_number_that_is_none(world: World, number: str, rule: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(personal_number=number))
    assert problems(refused) == {("members[0].personalNumber", rule)}


def test_every_wrong_control_digit_is_found(world: World) -> None:
    right = a_number(BORN)
    for digit in "0123456789":
        if digit == right[-1]:
            continue
        with pytest.raises(ValidationFailed) as refused:
            register(world, adult(personal_number=right[:-1] + digit))
        assert problems(refused) == {("members[0].personalNumber", "personal_number_check")}


def test_a_birth_to_come_is_refused_on_the_day_of_registration(world: World) -> None:
    born = today() - timedelta(days=20)
    number = a_number(born)
    with pytest.raises(ValidationFailed) as refused:
        register(
            world,
            adult(),
            child(),
            adult("child", personal_number=number),
            registered_on=today() - timedelta(days=60),
        )
    assert problems(refused) == {("members[2].personalNumber", "personal_number_future")}


@pytest.mark.parametrize("form", ["{0}", "{1}-{2}", "{3}-{2}", " {0} ", "{3}{2}"])
def test_a_number_is_read_in_every_ordinary_form(world: World, form: str) -> None:
    digits = a_number(BORN)
    written = form.format(digits, digits[:8], digits[8:], digits[2:8])
    household = register(world, adult(personal_number=written))
    assert found(world, digits) == [household.id]


def test_a_coordination_number_is_known_as_one(world: World) -> None:
    digits = a_number(BORN, coordination=True)
    household = register(world, adult(personal_number=digits, registered_kommun=None))
    person = members(world, household)[0]
    assert (person.number_kind, person.registered_kommun) == ("coordination", None)
    assert person.birth_date.day == int(digits[6:8]) - 60


def test_every_problem_of_every_member_is_named(world: World) -> None:
    twice = a_number(BORN)
    with pytest.raises(ValidationFailed) as refused:
        register(
            world,
            adult(given_name=" ", registered_kommun="12A3", personal_number=twice),
            adult(personal_number=twice, family_name="x" * 101),
            adult("lodger", given_name="Al\x00va"),
            adult("child", protection="secret"),
        )
    assert problems(refused) == {
        ("members", "one_applicant"),
        ("members[0].givenName", "required"),
        ("members[0].registeredKommun", "kommun_code"),
        ("members[1].familyName", "too_long"),
        ("members[1].personalNumber", "twice"),
        ("members[2].role", "unknown_choice"),
        ("members[2].givenName", "characters"),
        ("members[3].protection", "unknown_choice"),
    }


@pytest.mark.parametrize("count", [0, 21])
def test_a_household_has_one_to_twenty_members(world: World, count: int) -> None:
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            "caseworker SOF-VUX",
            households.register,
            department="SOF-VUX",
            members=[adult() for _ in range(count)],
        )
    assert problems(refused) == {("members", "count")}


def test_a_number_stands_once_in_a_department_and_again_in_another(world: World) -> None:
    digits = a_number(BORN)
    first = register(world, adult(personal_number=digits))
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(personal_number=digits))
    problem = refused.value.problems[0]
    assert (problem.rule, problem.params) == ("already_registered", {"household": first.alias})
    # Boards are authorities of their own (OSL 8:1).
    register(world, adult(personal_number=digits), department="AMF")


def test_somebody_in_a_closed_circle_is_not_registered_a_second_time(world: World) -> None:
    digits = a_number(BORN)
    case = world.case(adult(personal_number=digits))
    inside = world[caseworker_of(case.department)].principal_id
    world.act(
        manager_of(case.department),
        circles.close,
        case_id=case.id,
        members=[inside],
        reason="Hot mot hushållet.",
        expected_version=case.version,
    )
    world.add("another caseworker", Membership(Role.CASEWORKER, case.department))
    before = len(world.rows(Person))
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            "another caseworker",
            households.register,
            department=case.department,
            members=[adult(personal_number=digits)],
        )
    problem = refused.value.problems[0]
    assert (problem.rule, problem.params) == ("already_registered", {})
    assert len(world.rows(Person)) == before


def test_which_household_a_protected_person_is_in_is_not_told_by_a_number(world: World) -> None:
    digits = a_number(BORN)
    register(world, adult(personal_number=digits, protection="secrecy_mark"))
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(personal_number=digits))
    problem = refused.value.problems[0]
    assert (problem.rule, problem.params) == ("already_registered", {})
    assert "H-" not in problem.message


def test_two_who_register_the_same_person_at_once(world: World) -> None:
    digits = a_number(BORN)
    again = [lambda: register(world, adult(personal_number=digits))] * 2
    outcomes = at_once(*again)
    assert sorted(type(one).__name__ for one in outcomes) == ["Household", "ValidationFailed"]
    assert len(found(world, digits)) == 1


def test_protection_is_unknown_until_it_was_checked(world: World) -> None:
    unchecked = adult(protection="unknown", protection_checked_on=None)
    person = members(world, register(world, unchecked))[0]
    assert person.is_protected
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(protection="none", protection_checked_on=None))
    assert problems(refused) == {("members[0].protectionCheckedOn", "required")}
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(protection_checked_on=today() + timedelta(days=1)))
    assert problems(refused) == {("members[0].protectionCheckedOn", "future")}


def test_the_database_holds_to_it_too(world: World) -> None:
    person = members(world, register(world))[0]
    with as_owner(world.tenant_id) as connection, pytest.raises(Exception, match="unprotected"):
        connection.execute(
            "UPDATE persons SET protection = 'none', protection_checked_on = NULL WHERE id = %s",
            (person.id,),
        )


def test_setting_protection(world: World) -> None:
    person = members(world, register(world))[0]
    changed = world.act(
        "caseworker SOF-VUX",
        households.set_protection,
        person_id=person.id,
        protection="fictitious",
        source="Skatteverket",
        checked_on=today(),
        expected_version=person.version,
    )
    assert (changed.protection, changed.is_protected) == ("fictitious", True)
    assert world.again(person).protection_source == "Skatteverket"
    with as_owner(world.tenant_id) as connection:
        stored = connection.execute(
            "SELECT persons::text FROM persons WHERE id = %s", (person.id,)
        ).fetchone()
    assert stored is not None and "fictitious" in stored[0]
    assert "Skatteverket" not in stored[0] and b"Skatteverket".hex() not in stored[0]
    with pytest.raises(Conflict) as stale:
        world.act(
            "caseworker SOF-VUX",
            households.set_protection,
            person_id=person.id,
            protection="none",
            checked_on=today(),
            expected_version=person.version,
        )
    assert stale.value.rule == "stale_version"
    assert world.again(person).protection == "fictitious"
    for name, refusal in (("manager SOF-VUX", NotAllowed), ("caseworker AMF", NotFound)):
        with pytest.raises(refusal):
            world.act(
                name,
                households.set_protection,
                person_id=person.id,
                protection="none",
                checked_on=today(),
                expected_version=changed.version,
            )


def test_only_the_departments_caseworker_registers(world: World) -> None:
    for name in ("manager SOF-VUX", "property", "caseworker AMF"):
        with pytest.raises(NotAllowed):
            world.act(name, households.register, department="SOF-VUX", members=[adult()])


def test_a_registration_to_come_is_refused(world: World) -> None:
    with pytest.raises(ValidationFailed) as refused:
        register(world, adult(), registered_on=today() + timedelta(days=1))
    assert problems(refused) == {("registeredOn", "future")}


def test_the_number_is_sealed_at_rest_and_found_exactly(world: World) -> None:
    digits = a_number(BORN)
    household = register(world, adult(personal_number=digits))
    person = members(world, household)[0]
    with as_owner(world.tenant_id) as connection:
        stored = connection.execute(
            "SELECT row_to_json(persons)::text FROM persons WHERE id = %s", (person.id,)
        ).fetchone()
        sealed, index = connection.execute(
            "SELECT number_sealed, number_index FROM persons WHERE id = %s", (person.id,)
        ).fetchone() or (b"", b"")
    assert stored is not None
    assert digits not in stored[0]
    born = str(person.birth_date)
    assert born.replace("-", "") == digits[:8]
    assert born not in stored[0] and born.encode().hex() not in stored[0]
    assert digits[2:] not in stored[0]
    for raw in (sealed, index):
        assert digits.encode() not in raw
        assert digits[8:].encode() not in raw
    assert households.open_number(person) == digits
    # Sealed twice, the same number looks different: the seal tells nothing, the index finds it.
    keys = tenant_keys(world.tenant_id)
    assert keys.seal(NUMBER_FIELD, digits) != keys.seal(NUMBER_FIELD, digits)
    assert found(world, digits) == [household.id]
    assert found(world, a_number(BORN)) == []


def test_a_sealed_value_opens_nowhere_else(world: World) -> None:
    keys, other = tenant_keys(world.tenant_id), tenant_keys(new_world().tenant_id)
    sealed = keys.seal(NUMBER_FIELD, "x")
    assert keys.blind_index(NUMBER_FIELD, "x") != other.blind_index(NUMBER_FIELD, "x")
    for opening in (
        lambda: other.open(NUMBER_FIELD, sealed),
        lambda: keys.open("persons.other", sealed),
        lambda: keys.open(NUMBER_FIELD, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        lambda: keys.open(NUMBER_FIELD, b""),
    ):
        with pytest.raises(SealBroken):
            opening()


def test_finding_by_number_shows_only_ones_own_department(world: World) -> None:
    digits = a_number(BORN)
    register(world, adult(personal_number=digits))
    register(world, adult(personal_number=digits), department="AMF")
    for department in ("SOF-VUX", "AMF"):
        people = world.act(
            f"caseworker {department}", households.find_by_number, personal_number=digits
        )
        assert [person.department for person in people] == [department]
    assert world.act("property", households.find_by_number, personal_number=digits) == []
    other = new_world()
    assert other.act("caseworker SOF-VUX", households.find_by_number, personal_number=digits) == []


def test_finding_is_a_read_that_is_logged(world: World) -> None:
    digits = a_number(BORN)
    person = members(world, register(world, adult(personal_number=digits)))[0]
    world.act("caseworker SOF-VUX", households.find_by_number, personal_number=digits)
    entry = world.rows(AuditEntry, action="person.find_by_number")[-1]
    assert (entry.kind, entry.person_ids) == ("read", [person.id])
    assert digits not in str(entry.details)


def test_registering_leaves_an_audit_entry_and_an_event(world: World) -> None:
    household = register(world, adult(), child())
    entry = world.rows(AuditEntry, subject_id=household.id)[0]
    assert entry.person_ids == sorted(person.id for person in members(world, household))
    event = world.rows(OutboxEvent, type="household_registered")[-1]
    assert event.payload["household_id"] == str(household.id)
    assert set(event.payload) == {"household_id", "department", "on"}


def test_aliases_run_without_gaps_also_after_a_failure() -> None:
    world = new_world()
    first = world.household()
    with pytest.raises(ValidationFailed):
        world.household(adult(given_name=""))
    assert (first.alias, world.household().alias) == ("H-000001", "H-000002")


def test_sql_without_a_tenant_sees_nobody(world: World) -> None:
    register(world)
    other = new_world()
    with other.session() as session:
        # The setting alone decides, whatever the statement says.
        assert session.execute(text("SELECT count(*) FROM persons")).scalar_one() == 0
        session.execute(text("SELECT set_config('hemvist.tenant_id', '', true)"))
        assert session.execute(text("SELECT count(*) FROM persons")).scalar_one() == 0


def members(world: World, household: Household) -> list[Person]:
    return list(
        world.read(
            lambda session: session.scalars(
                select(Person)
                .join(
                    HouseholdMember,
                    (HouseholdMember.tenant_id == Person.tenant_id)
                    & (HouseholdMember.person_id == Person.id),
                )
                .where(HouseholdMember.household_id == household.id)
            ).all()
        )
    )


def found(world: World, digits: str) -> list[object]:
    people = world.act("caseworker SOF-VUX", households.find_by_number, personal_number=digits)
    return [
        member.household_id
        for person in people
        for member in world.rows(HouseholdMember, person_id=person.id)
    ]
