"""Cases of Västerås through the services: up the staircase, and families directly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.assessments import by_choice
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.guarantees.models import Guarantee
from hemvist.letters.words import day, money
from hemvist.policy import add_months
from hemvist_letters import letter_said, plain
from hemvist_pack_cases import Walk
from hemvist_vasteras import CONTENT, GOES_ON, SINGLE
from hemvist_world import HOUSING, SUPPORT, adult, child

TRAINING, LEASE = "training_flat", "support_lease"
FAMILY = {**SINGLE, "former_misuse": False}
#: Long enough ago for a year in the training flat and another with the support lease.
SIGNED_ON = add_months(today(), -27)
MOVED_IN = SIGNED_ON + timedelta(days=7)
STEPPED_UP = add_months(MOVED_IN, 12)
#: The support lease is a case of its own, opened when the first one is closed.
LEASE_SIGNED_ON = STEPPED_UP + timedelta(days=50)


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Västerås: the social office for adults, and the property office."""
    return Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", CONTENT)


def family_case(walk: Walk, on: date) -> Case:
    """A parent with a child, answered."""
    household = walk.world.household(
        adult(registered_kommun="1980", protection_checked_on=on),
        child(registered_kommun="1980", protection_checked_on=on),
        department="SKV",
        registered_on=on,
    )
    case: Case = walk.world.act(
        walk.caseworker,
        cases.open_case,
        household_id=household.id,
        department="SKV",
        opened_on=on,
    )
    walk.answer(case, **FAMILY)
    return case


def in_training(walk: Walk) -> Case:
    """In a training flat since a year and some days."""
    case = walk.opened(SIGNED_ON - timedelta(days=60), **SINGLE)
    offer = walk.taken(case, TRAINING, SIGNED_ON)
    walk.sign(offer, SIGNED_ON, went_on_because=GOES_ON)
    return case


def test_notice_of_a_day_is_warned_of(walk: Walk) -> None:
    """VAS-16 and LF-1: it is written as the report has it, with a reason, and the finding kept."""
    case = walk.opened(SIGNED_ON - timedelta(days=60), **SINGLE)
    offer = walk.taken(case, TRAINING, SIGNED_ON)

    with pytest.raises(ValidationFailed) as warned:
        walk.sign(offer, SIGNED_ON)
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-1"}
    contract = walk.sign(offer, SIGNED_ON, went_on_because=GOES_ON)
    assert "LF-1" in {finding["flag"] for finding in contract.legal_findings}
    assert contract.went_on_because == GOES_ON


def test_being_drug_free_stands_in_no_decision_and_no_contract(walk: Walk) -> None:
    """VAS-14 and LF-4: asked on no form, refused as a condition, no clause of the form."""
    case = walk.opened(SIGNED_ON - timedelta(days=60), **SINGLE)
    assert "months_without_drugs" not in walk.asked(case)
    sober = [{"kind": "sobriety", "text": "Ska vara drogfri."}]
    with pytest.raises(PolicyRefused):
        walk.decided(case, SUPPORT, TRAINING, SIGNED_ON - timedelta(days=50), conditions=sober)

    offer = walk.taken(case, TRAINING, SIGNED_ON)
    with pytest.raises(PolicyRefused):
        walk.sign(offer, SIGNED_ON, clauses=sober, went_on_because=GOES_ON)
    contract = walk.sign(offer, SIGNED_ON, went_on_because=GOES_ON)
    assert "sobriety" not in {clause["kind"] for clause in contract.clauses}


def says(walk: Walk, case: Case, rule: str, on: date) -> str:
    """What a rule tried by choice says on a day."""
    now = walk.world.again(case)
    said: Any = walk.world.read(lambda session: by_choice.try_rule(session, now, rule, on))
    return str(said.outcome)


def leased(walk: Walk, case: Case, on: date, **words: Any) -> Contract:
    """Support, referral, flat and the lease with its surety."""
    offer = walk.taken(case, LEASE, on, **words)
    with pytest.raises(ValidationFailed):
        walk.sign(offer, on, terms={"same_rules": True}, guarantee_months=24)
    return walk.sign(offer, on, terms={"same_rules": True}, guarantee_months=12)


def test_a_year_in_the_training_flat_without_trouble(walk: Walk) -> None:
    """VAS-17, VAS-18: no day earlier, and only when the home has been managed."""
    case = in_training(walk)
    assert walk.stage(case) == "training"
    with pytest.raises(PolicyRefused) as unknown:
        walk.reached(case, "stepped_up", today(), "property")
    assert "may_step_up" in str(unknown.value)
    assert {"had_disturbances", "had_payment_failures"} <= walk.asked(case)
    walk.answer(case, had_disturbances=True, had_payment_failures=False)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "stepped_up", today(), "property")
    walk.answer(case, had_disturbances=False)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "stepped_up", STEPPED_UP - timedelta(days=1), "property")
    walk.reached(case, "stepped_up", STEPPED_UP, "property")
    assert walk.stage(case) == "closed"


def test_up_the_staircase_to_an_ordinary_tenancy(walk: Walk) -> None:
    """VAS-19 to 21: a lease with surety after the training flat, on one's own after another year."""
    training = in_training(walk)
    walk.answer(training, had_disturbances=False, had_payment_failures=False)
    walk.reached(training, "stepped_up", STEPPED_UP, "property")
    lease = case_after(walk, training, STEPPED_UP)
    assert says(walk, lease, "entitled_to_support_lease", STEPPED_UP) == "true"
    contract = leased(walk, lease, LEASE_SIGNED_ON)

    assert walk.stage(lease) == "support_lease"
    assert (contract.form, contract.kind) == ("boendestodsavtal", "first_hand")
    surety = walk.world.rows(Guarantee, case_id=lease.id)[0]
    assert (surety.months, surety.starts_on) == (12, LEASE_SIGNED_ON)
    letter = letter_said(walk.world, lease, "guarantee", surety, "property")
    assert "Kommunal borgen" in letter and "Borgensåtagandet" in letter
    assert "Hyresgaranti" not in letter and "2009:47" not in letter
    assert plain(f"Högsta belopp {money(surety.cap_ore)}") in letter
    assert f"Gäller till {day(surety.ends_on)}" in letter and "12 kap. 28 a §" in letter
    over = add_months(LEASE_SIGNED_ON, 12)
    assert surety.ends_on == over
    assert walk.due(lease, "reassessment") == [over]
    assert says(walk, lease, "responsibility_may_end", over - timedelta(days=1)) == "false"
    assert says(walk, lease, "responsibility_may_end", over) == "true"
    walk.follow_up(lease, "reassessment", over)
    walk.conclude(lease, "responsibility_may_end", True)


def case_after(walk: Walk, case: Case, on: date) -> Case:
    """The case closed, and another one opened of the household in a training flat."""
    done = walk.world.again(case)
    walk.world.act(
        walk.caseworker,
        closing.close,
        reason="other",
        case_id=done.id,
        expected_version=done.version,
        on=on,
    )
    opened: Case = walk.world.act(
        walk.caseworker,
        cases.open_case,
        household_id=done.household_id,
        department="SKV",
        opened_on=on,
    )
    lived = {"current_contract_form": "traningslagenhet", "moved_in_on": str(MOVED_IN)}
    managed = {"had_disturbances": False, "had_payment_failures": False}
    walk.answer(opened, **SINGLE, **lived, **managed)
    return opened


def test_a_family_goes_directly_to_a_support_lease(walk: Walk) -> None:
    """VAS-22: never a training flat with children; the second step is their first."""
    case = family_case(walk, SIGNED_ON - timedelta(days=60))
    assert says(walk, case, "entitled_to_training_flat", today()) == "false"
    with pytest.raises(ValidationFailed) as refused:
        walk.decided(case, SUPPORT, TRAINING, SIGNED_ON - timedelta(days=41))
    assert {"departureReason"} <= {problem.field for problem in refused.value.problems}
    with pytest.raises(ValidationFailed) as refused:
        walk.decided(case, SUPPORT, LEASE, SIGNED_ON - timedelta(days=41))
    assert {problem.field for problem in refused.value.problems} == {"childAssessment"}
    leased(walk, case, SIGNED_ON, child_assessment="Barnet får ett tryggt boende.")
    assert walk.stage(case) == "support_lease"
    assert walk.due(case, "reassessment") == [add_months(SIGNED_ON, 12)]


def test_a_place_in_temporary_housing_rests_on_the_decision_alone(walk: Walk) -> None:
    """VAS-23: no referral, no contract; the decision is the whole of it."""
    case = walk.opened(SIGNED_ON, **{**SINGLE, "problems_bar_tenancy": True})
    assert says(walk, case, "entitled_to_training_flat", today()) == "false"
    assert says(walk, case, "temporary_housing_needed", today()) == "true"

    walk.decided(case, HOUSING, "temporary_housing", SIGNED_ON + timedelta(days=3))
    assert walk.world.again(case).programme == "temporary_housing"


def test_a_case_is_closed_before_the_next_is_opened(walk: Walk) -> None:
    """The department has one open case of a household at a time."""
    case = in_training(walk)

    with pytest.raises(Conflict):
        walk.world.act(
            walk.caseworker,
            cases.open_case,
            household_id=case.household_id,
            department="SKV",
            opened_on=today(),
        )
