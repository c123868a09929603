"""Relations that choose: by argument, the first of, through a joining table. Both paths alike."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import FollowUp
from hemvist.guarantees.models import Guarantee
from hemvist.households.models import Household, HouseholdMember
from hemvist.identity import Membership, Role
from hemvist.pack_versions.models import PackVersion
from hemvist.units.models import Unit
from hemvist_graphql.compiled import NotPlanned, Why
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_world import World, adult, new_world

WHO = "caseworker SOF-VUX"
OBLIGATIONS = """query Obligations($id: ID!, $state: [String!]) { case(id: $id) {
  every: obligations { code state }
  open: obligations(state: ["open"]) { id dueOn }
  ...Asked
} }
fragment Asked on Case { asked: obligations(state: $state) {
  code ordinal state followUp { heldOn notes } case { number } } }"""
FIRST = """query First($id: ID!) { case(id: $id) {
  contracts { form guarantee { months issuedOn case { number } } } ownPackVersion { number state }
} }"""
PERSONS = """{ households { edges { node { alias members { role person {
  givenName protection households { alias department anyoneProtected members { role } } } } } } } }"""


@pytest.fixture(scope="module")
def there(database: str) -> World:
    """A housed case, one that lies open to the property office, another department's, a protected one."""
    world = new_world()
    housed = world.case()
    world.housed(housed)
    [contract] = world.rows(Contract, case_id=housed.id)
    done, *_ = world.rows(Obligation, case_id=housed.id)
    with world.session() as session:
        session.get(Obligation, (world.tenant_id, done.id)).state = "done"  # type: ignore[union-attr]
        session.save(
            FollowUp(
                case_id=housed.id,
                obligation_id=done.id,
                held_on=today(),
                departments=["SOF-VUX"],
                resident_took_part=True,
                in_the_home=True,
                agenda_done=[],
                notes="Gick bra.",
            )
        )
        session.save(
            Guarantee(
                case_id=housed.id,
                contract_id=contract.id,
                landlord_id=session.find(Unit, contract.unit_id).landlord_id,
                months=12,
                starts_on=today(),
                ends_on=today() + dt.timedelta(days=360),
                covers=["rent"],
                rent_ore=contract.rent_ore,
                cap_rent_months=12,
                cap_ore=12 * contract.rent_ore,
                issued_on=today(),
            )
        )
    world.registered(world.case(adult(protection="secrecy_mark"), adult("partner")))
    world.case(department="AMF")
    _moved(world, housed)
    world.add("policy", Membership(Role.POLICY_OFFICER, ""))
    world.add("support worker", Membership(Role.SUPPORT_WORKER, "SOF-VUX"))
    # Last: by a version without files nobody can be judged.
    with world.session() as session:
        session.save(
            PackVersion(
                pack=housed.pack,
                number=housed.pack_version,
                in_force_from=today(),
                content_hash="0" * 64,
                based_on=housed.pack_version,
                made_at=now(),
                approved_at=now(),
                state="active",
            )
        )
    return world


def _moved(world: World, case: Case) -> None:
    """The applicant was once in another household of the department, and in one of a department
    whose households the caseworker does not see."""
    person = world.applicant(case)
    other = world.case().household_id
    hidden = world.case(department="AMF").household_id
    with world.session() as session:
        for household, since, until in ((other, 900, 800), (hidden, 500, 400)):
            session.save(
                HouseholdMember(
                    household_id=household,
                    person_id=person,
                    role="partner",
                    since=today() - dt.timedelta(days=since),
                    until=today() - dt.timedelta(days=until),
                )
            )


def same(world: World, who: str, document: str, **variables: Any) -> Any:
    """The data that both paths tell; what they log must agree too."""
    by_plan = planned(world[who], document, variables)
    assert isinstance(by_plan, Told), by_plan
    assert by_plan == ordinary(world[who], document, variables)
    return json.loads(by_plan.data)


def cases(world: World) -> list[Case]:
    return world.rows(Case)


EVERYBODY = (WHO, "manager SOF-VUX", "caseworker AMF", "property", "support worker", "policy")


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_case_reads_alike(there: World, who: str) -> None:
    for case in cases(there):
        case_id = global_id("Case", case.id)
        for state in (None, [], ["open"], ["done", "open", "done"], ["x", "\0", "\ud800"]):
            same(there, who, OBLIGATIONS, id=case_id, state=state)
        same(there, who, OBLIGATIONS, id=case_id)
        same(there, who, FIRST, id=case_id)


def test_obligations_of_the_states_that_were_asked_for(there: World) -> None:
    case = cases(there)[0]
    found = same(there, WHO, OBLIGATIONS, id=global_id("Case", case.id), state=["done"])["case"]
    assert [one["followUp"]["notes"] for one in found["asked"]] == ["Gick bra."]
    assert len(found["every"]) == len(found["open"]) + 1 > 2
    nothing = same(there, WHO, OBLIGATIONS, id=global_id("Case", case.id), state=[])["case"]
    assert nothing["asked"] == [] and nothing["every"] == found["every"]


def test_one_plan_serves_other_values_of_the_same_shape(there: World) -> None:
    case_id = global_id("Case", cases(there)[0].id)
    forget()
    states = [
        {
            one["state"]
            for one in same(there, WHO, OBLIGATIONS, id=case_id, state=[state])["case"]["asked"]
        }
        for state in ("open", "done", "cancelled")
    ]
    assert states == [{"open"}, {"done"}, set()]


def test_the_first_of_and_null_when_there_is_none(there: World) -> None:
    first, second, *_ = cases(there)
    found = same(there, WHO, FIRST, id=global_id("Case", first.id))["case"]
    assert found["contracts"][0]["guarantee"]["months"] == 12
    assert found["ownPackVersion"]["state"] == "active"
    assert same(there, WHO, FIRST, id=global_id("Case", second.id))["case"]["contracts"] == []


def test_a_version_is_the_kommuns_own_once_it_is_approved(there: World) -> None:
    case = cases(there)[0]
    [version] = there.rows(PackVersion)
    with there.session() as session:
        session.get(PackVersion, (there.tenant_id, version.id)).approved_at = None  # type: ignore[union-attr]
    try:
        found = same(there, WHO, FIRST, id=global_id("Case", case.id))["case"]
        assert found["ownPackVersion"] is None
    finally:
        with there.session() as session:
            session.get(PackVersion, (there.tenant_id, version.id)).approved_at = now()  # type: ignore[union-attr]


@pytest.mark.parametrize("who", [one for one in EVERYBODY if one != "policy"])
def test_households_through_their_members(there: World, who: str) -> None:
    same(there, who, PERSONS)


def test_households_newest_first_and_only_those_that_are_seen(there: World) -> None:
    found = same(there, WHO, PERSONS)["households"]["edges"]
    homes = [
        [home["alias"] for home in member["person"]["households"]]
        for edge in found
        for member in edge["node"]["members"]
    ]
    moved = [one for one in homes if len(one) > 1]
    assert len(moved) == 2 and moved[0] == moved[1]
    assert len(moved[0]) == 2 and moved[0][0] < moved[0][1]


def test_a_joining_table_is_bound_to_the_tenant_too() -> None:
    joining = aliased(HouseholdMember, name="1m")
    tied = joining.household_id == Household.id
    loose = select(Household.id).join(joining, tied).where(Household.tenant_id == "x")
    with pytest.raises(NotPlanned, match="unbound") as refused:
        require_bound(loose)
    assert refused.value.why is Why.UNBOUND
    require_bound(loose.where(joining.tenant_id == Household.tenant_id))


def test_a_condition_shares_no_value_with_another_of_the_same_name(there: World) -> None:
    waiting = """query Waits($late: Boolean) {
      unexecutedDecisions(lateOnly: $late) { edges { node { id executeBy } } } }"""
    among = """query Among($state: [DecisionState!]) {
      decisions(state: $state) { edges { node { id executeBy } } } }"""
    for late in (False, True):
        same(there, WHO, waiting, late=late)
        for state in (["decided"], ["proposed", "decided"]):
            same(there, WHO, among, state=state)
