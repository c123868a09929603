"""The state grant (LF-6; SFS 2007:623): who gives it, what the application says, and when it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, PolicyRefused, ValidationFailed
from hemvist.guarantees import grants
from hemvist.guarantees.models import Guarantee
from hemvist_guarantees import OFFICER, RENT, second_officer
from hemvist_made_up import adult
from hemvist_world import GUARANTEE, World

#: What only a person can tell of the application.
TOLD = {
    "owner_type": "municipal_company",
    "ability": "Klarar hyran på lönen.",
    "reason": "Har betalningsanmärkningar och får ingen lägenhet på egen hand.",
    "earlier_housing": "Andra hand hos en bekant.",
}


def guaranteed(world: World, *members: Any, months: int = 24, **answers: Any) -> Guarantee:
    """A guarantee in a case with these answers; one who pays by themselves unless told."""
    second_officer(world)
    case = world.case(*members, **({"pays_without_income_support": True} | answers))
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=months, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=case.id)
    return row  # type: ignore[no-any-return]


def application(world: World, row: Guarantee) -> grants.Application:
    with world.session() as session:
        return grants.application(session, session.find(Guarantee, row.id), today())


def fill(world: World, row: Guarantee, fields: dict[str, Any], **changes: Any) -> Guarantee:
    values = {"guarantee_id": row.id, "fields": fields}
    values["expected_version"] = world.again(row).version
    return world.act(OFFICER, grants.fill_grant_application, **(values | changes))  # type: ignore[no-any-return]


def test_the_record_answers_what_it_can(world: World) -> None:
    row = guaranteed(world, adult(), adult("partner", given_name="Bo"))
    made = application(world, row)
    assert (made.outcome, made.missing, made.amount_ore) == ("true", (), 5_000_00)
    assert tuple(made.fields) == grants.FIELDS
    known = {name: value for name, value in made.fields.items() if value is not None}
    assert known == {
        "rent_months": 24,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "issued_on": row.issued_on,
        "flat_type": "1 rum och kök, 34,5 kvm",
        "yearly_rent_ore": 12 * RENT,
        "ability": "Bedöms kunna betala utan ekonomiskt bistånd",
        "household_type": "2 vuxna utan barn",
        "tenant_age": made.fields["tenant_age"],
    }
    assert isinstance(made.fields["tenant_age"], int)
    assert made.lacking == ("owner_type", "reason", "earlier_housing")


@pytest.mark.parametrize(
    ("months", "answers", "outcome"),
    [
        (24, {}, "true"),
        (24, {"guarantee_rent_months": 6}, "true"),
        (24, {"guarantee_rent_months": 5}, "false"),
        (12, {}, "false"),
        (24, {"pays_without_income_support": False}, "false"),
        (24, {"pays_without_income_support": None}, "unknown"),
    ],
)
def test_when_the_grant_can_be_had(
    world: World, months: int, answers: dict[str, Any], outcome: str
) -> None:
    """At least six months of rent, at least two years, and no income support."""
    said = {name: value for name, value in answers.items() if value is not None}
    if "pays_without_income_support" in answers and not said:
        second_officer(world)
        case = world.case()
        offer = world.accepted(case, world.registered(case, GUARANTEE))
        world.contract(offer, guarantee_months=months, told_of_link_on=None)
        [row] = world.rows(Guarantee, case_id=case.id)
    else:
        row = guaranteed(world, months=months, **said)
    made = application(world, row)
    assert made.outcome == outcome
    if outcome == "unknown":
        assert made.missing == ("pays_without_income_support",)


def test_filled_in_and_sent_when_it_is_whole(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(ValidationFailed) as lacking:
        fill(world, row, {"owner_type": "private"}, applied_on=today())
    assert [(one.field, one.rule) for one in lacking.value.problems] == [
        ("fields.reason", "required"),
        ("fields.earlier_housing", "required"),
    ]
    # What could not be sent is not kept either: one act, one transaction.
    assert world.again(row).grant_fields == {}
    kept = fill(world, row, {**TOLD, "reason": f"  {TOLD['reason']} "})
    assert kept.grant_fields["reason"] == TOLD["reason"]
    assert application(world, row).fields["ability"] == "Klarar hyran på lönen."
    sent = fill(world, row, {}, applied_on=today())
    assert sent.grant_applied_on == today()
    kinds = [line.kind for line in world.rows(CaseEvent, case_id=row.case_id)]
    assert kinds.count("grant_application_filled") == 1
    assert kinds.count("grant_applied_for") == 1


def test_what_gives_no_grant_is_not_applied_for(world: World) -> None:
    row = guaranteed(world, months=12)
    with pytest.raises(PolicyRefused) as refused:
        fill(world, row, TOLD, applied_on=today())
    assert (refused.value.rule, refused.value.cite) == ("no_state_grant", "STB")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"owner_type": "the moon"}, ("fields.owner_type", "unknown_choice")),
        ({"rent_months": 30}, ("fields.rent_months", "unknown_choice")),
        ({"tenant_age": 14}, ("fields.tenant_age", "out_of_range")),
        ({"tenant_age": "40"}, ("fields.tenant_age", "out_of_range")),
        ({"reason": "x" * 2_001}, ("fields.reason", "too_long")),
    ],
)
def test_what_is_wrong_with_it_is_named(
    world: World, fields: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        fill(world, guaranteed(world), fields)
    assert [(one.field, one.rule) for one in refused.value.problems] == [problem]


def test_nothing_is_told_of_a_household_with_a_protected_person(world: World) -> None:
    made = application(world, guaranteed(world, adult(protection="secrecy_mark")))
    assert made.fields["household_type"] is None
    assert made.fields["tenant_age"] is None


def test_who_may_and_one_of_two(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(NotAllowed):
        world.act(
            "caseworker SOF-VUX",
            grants.fill_grant_application,
            guarantee_id=row.id,
            fields=TOLD,
            expected_version=row.version,
        )
    fill(world, row, TOLD, expected_version=row.version)
    with pytest.raises(Conflict):
        fill(world, row, TOLD, expected_version=row.version)
    assert world.rows(Case, id=row.case_id)[0].state == "open"
