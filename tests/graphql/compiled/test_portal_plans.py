"""Every page of the portal is read by a plan, and says what the ordinary path says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from graphql import get_operation_ast, parse
from sqlalchemy import event

from hemvist.assessments.models import Assessment
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.db import engine
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.households.models import Household, Person
from hemvist.identity import Membership, Role
from hemvist.offers.models import Offer
from hemvist.pack_versions import service
from hemvist.pack_versions.models import PackVersion
from hemvist.referrals.models import Referral
from hemvist.simulations.models import Simulation
from hemvist.tenancy import Audience
from hemvist.units.models import Unit
from hemvist_graphql.compiled import answer_text
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_portal.documents import document, names
from hemvist_simulations import ask_for, policy_officer
from hemvist_versions import Hand, policy_people
from hemvist_world import PACK, a_number

READS = [name for name in names() if not name.startswith("commands/")]
#: Whose id a page takes.
OF: dict[str, Any] = {
    "assessment_record": Assessment,
    "applicant_sheet": Assessment,
    "contract": Contract,
    "decision": Decision,
    "household": Household,
    "obligation": Obligation,
    "offer": Offer,
    "offer_form": Referral,
    "person": Person,
    "policy_differences": PackVersion,
    "policy_file": PackVersion,
    "policy_simulation": Simulation,
    "policy_simulation_cases": Simulation,
    "policy_version": PackVersion,
    "policy_version_head": PackVersion,
    "referral": Referral,
    "unit": Unit,
}
#: Pages whose every field is there once the statement has been read: one round trip.
ONE_ROUND_TRIP = (
    "case_frame",
    "cases",
    "frame",
    "household",
    "households",
    "notices",
    "pack",
    "packs",
    "person",
    "referrals",
    "units",
)


@pytest.fixture(scope="module")
def somebody(populated: Any) -> Any:
    """Somebody who may read everything that the portal shows, in a kommun with all of it."""
    world = policy_people(populated.world)
    hand = Hand.draft(world)
    hand.act(service.check)
    policy_officer(world)
    ask_for(world, new_version=hand.version.number)
    return world.add(
        "everything",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"),
        Membership(Role.PROPERTY_OFFICER, "FF"),
        Membership(Role.POLICY_OFFICER, ""),
    )


def _variables(name: str, world: Any) -> dict[str, Any]:
    model = OF.get(name, Case)
    rows = world.rows(model)
    case = world.rows(Case)[0]
    return {
        "id": global_id(model.__name__, rows[0].id) if rows else "x",
        "lang": "sv",
        "all": True,
        "rule": None,
        "chosen": "",
        "tried": False,
        "replay": False,
        "pack": PACK,
        "name": PACK,
        "from": case.pack_version,
        "to": case.pack_version,
        "cases": [global_id("Case", case.id)],
        "on": today().isoformat(),
        "number": a_number(dt.date(1980, 1, 1)),
        "changedOnly": True,
    }


def _given(name: str, world: Any) -> dict[str, Any]:
    text = document(name)
    found = {key: value for key, value in _variables(name, world).items() if f"${key}:" in text}
    if name == "conclusion":
        found["rule"] = "chapter_2"
    return found


@pytest.mark.parametrize("name", READS)
def test_a_page_is_planned(name: str, populated: Any, somebody: Any) -> None:
    given = _given(name, populated.world)
    by_plan = planned(somebody, document(name), given)
    assert isinstance(by_plan, Told), f"{name}: {by_plan}"
    told = ordinary(somebody, document(name), given)
    assert not told.failed, told.data[:500]
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged


@pytest.mark.parametrize("name", ONE_ROUND_TRIP)
def test_a_busy_page_needs_no_session(name: str, populated: Any, somebody: Any) -> None:
    given = _given(name, populated.world)
    planned(somebody, document(name), given)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    staff = engine(Audience.STAFF)
    parsed = parse(document(name))
    operation = get_operation_ast(parsed)
    assert operation is not None
    event.listen(staff, "before_cursor_execute", note)
    try:
        answer_text(somebody, document(name), parsed, operation, given)
    finally:
        event.remove(staff, "before_cursor_execute", note)
    assert seen == []
