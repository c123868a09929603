"""Helsingborg: somebody who has lived in a municipal contract for more than a year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import correcting
from hemvist.contracts.models import Contract
from hemvist_world import World, adult, answers

CASEWORKER, PROPERTY = "caseworker SOF-VUX", "property"
#: What is answered of a home that was managed well, the joint visit aside (RL §4.3).
MANAGED: dict[str, Any] = {
    "guarantee_considered": True,
    "search_difficulties": True,
    "home_managed": True,
    "rent_paid_months": 14,
    "plan_followed": True,
    "property_check_done": True,
    "jointly_assessed": True,
}


def answer(world: World, case: Case, **facts: Any) -> None:
    """What the caseworker answers later, with a reason."""
    given = [NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in facts.items()]
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=given)


def settled(world: World, moved_in: date | None = None) -> tuple[Case, Contract]:
    """In the home since ``moved_in``, fourteen months ago unless told; a guarantee is out of reach.

    The days of the contract were registered wrong at first, and set right.
    """
    since = moved_in or today() - timedelta(days=430)
    registered = since - timedelta(days=120)
    household = world.household(adult(protection_checked_on=registered), registered_on=registered)
    case = world.act(
        CASEWORKER,
        cases.open_case,
        household_id=household.id,
        department="SOF-VUX",
        opened_on=since - timedelta(days=100),
    )
    given = answers("SOF-VUX", manages_first_hand_lease=False)
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=given)
    world.housed(case)
    [contract] = world.rows(Contract, case_id=case.id)
    right = world.act(
        PROPERTY,
        correcting.correct_contract_days,
        contract_id=contract.id,
        signed_on=since - timedelta(days=5),
        starts_on=since,
        reason="written_wrong",
        expected_version=contract.version,
    )
    return world.again(case), right
