"""Cases of Stockholm through the services: trial flat, training flat, and the revision's day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.db import Audience
from hemvist.decisions.models import Decision
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.referrals import service as referrals
from hemvist.takeovers import watching
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist_pack_cases import Walk
from hemvist_world import SUPPORT

TRIAL, TRAINING = "trial_flat", "training_flat"
CONTENT = {
    "decision": "Försökslägenhet med boendestöd.",
    "home_need": "Ett rum och kök.",
    "boendestod": True,
}
#: A day of each wording of the guideline, and two of the time after both acts of social services.
BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 1)
SIGNED_ON = date(2026, 3, 2)
ADULT: dict[str, Any] = {
    "difficulties": ["harmful_use"],
    "long_standing": True,
    "in_exit_programme": False,
    "needs_support_in_home": True,
    "needs_extensive_support": True,
    "manages_with_support": True,
    "needed_for_reasonable_living": True,
    "own_ways_exhausted": True,
    "market_weighed": False,
    "homelessness_only": False,
    "has_children_elsewhere": False,
    "boendestod_granted": True,
    "conditions_in_decision": [],
    "change_described": True,
}
TRAINEE = {**ADULT, "training_purpose": "limited_time", "chain_situation": "no_chain"}


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Stockholm: a district that decides, and the one of the district that lets the flats."""
    return Walk.of(
        "stockholm/forsoks-och-traningslagenheter", "SDN-BIST", "SDN-HYRA", "0180", CONTENT
    )


def accepted(walk: Walk, case: Case, programme: str, on: date) -> Offer:
    """Granted, referred and offered in the forty days before a contract of a day."""

    def day(before: int) -> date:
        return on - timedelta(days=before)

    world = walk.world
    walk.decided(case, SUPPORT, programme, day(40))
    draft = world.act(
        walk.caseworker,
        referrals.draft,
        case_id=case.id,
        programme=programme,
        content=CONTENT,
        on=day(38),
    )
    sent = world.act(
        walk.caseworker,
        referrals.submit,
        referral_id=draft.id,
        expected_version=draft.version,
        on=day(37),
    )
    referral = world.act(
        "property",
        referrals.register,
        referral_id=sent.id,
        expected_version=sent.version,
        on=day(36),
    )
    made = world.act(
        "property", offers.make, referral_id=referral.id, unit_id=world.unit().id, on=day(20)
    )
    taken: Offer = world.act(
        walk.caseworker,
        offers.accept,
        offer_id=made.id,
        expected_version=made.version,
        on=day(18),
    )
    return taken


def signed(walk: Walk, case: Case, programme: str, **changes: Any) -> Contract:
    """In the flat, with the term that ties the tenancy to the assistance, told and dated."""
    terms = {"fixed_term_until": "2027-03-31", "informed_of_link": True}
    if programme == TRAINING:
        terms["may_be_taken_over"] = False
    offer = accepted(walk, case, programme, SIGNED_ON)
    return walk.sign(offer, SIGNED_ON, **({"terms": terms, "ends_on": date(2027, 3, 31)} | changes))


def asks(walk: Walk, case: Case, rule: str) -> str:
    """What a rule tried by choice says today."""
    from hemvist.assessments import by_choice

    case = walk.world.again(case)
    said: Any = walk.world.read(lambda session: by_choice.try_rule(session, case, rule, today()))
    return str(said.outcome)


def test_a_trial_flat_from_assessment_to_a_first_hand_lease(walk: Walk) -> None:
    """STH-05, 08, 09, 30: decision with support in the home, flat, trial, takeover."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)
    contract = signed(walk, case, TRIAL)

    assert walk.stage(case) == "housed"
    assert contract.told_of_link_on == SIGNED_ON
    assert walk.due(case, "execute_decision") == []
    walk.reached(case, "support_begins", SIGNED_ON + timedelta(days=7))
    assert {"trial_time_over", "approved_as_first_hand"} <= walk.asked(case)
    with pytest.raises(PolicyRefused) as unknown:
        walk.reached(case, "lease_taken_over", today(), "property")
    assert "may_take_over_lease" in str(unknown.value)
    walk.answer(case, trial_time_over=True, approved_as_first_hand=False)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "lease_taken_over", today(), "property")
    walk.answer(case, approved_as_first_hand=True)
    walk.reached(case, "lease_taken_over", today(), "property")
    assert walk.stage(case) == "first_hand"


def test_a_decision_that_nobody_carries_out_is_reported(walk: Walk) -> None:
    """A flat is to be found within three months of the decision."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)
    walk.decided(case, SUPPORT, TRIAL, SIGNED_ON)

    assert walk.stage(case) == "granted"
    assert walk.due(case, "execute_decision") == [add_months(SIGNED_ON, 3)]


@pytest.mark.parametrize("kind", ["sobriety", "treatment"])
def test_no_decision_on_condition_of_sobriety(walk: Walk, kind: str) -> None:
    """STH-17 and LF-4: the condition is stopped, and nothing is left of the proposal."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)

    with pytest.raises(PolicyRefused) as stopped:
        walk.decided(
            case, SUPPORT, TRIAL, SIGNED_ON, conditions=[{"kind": kind, "text": "Ett villkor."}]
        )
    assert "LF-4" in str(stopped.value)
    assert walk.world.rows(Decision, case_id=case.id) == []


def test_a_condition_that_the_caseworker_has_noted_speaks_against_the_decision(walk: Walk) -> None:
    """STH-17: the rule advises no, and to grant it all the same needs a reason."""
    case = walk.opened(
        SIGNED_ON - timedelta(days=50), **{**ADULT, "conditions_in_decision": ["drug_free"]}
    )

    with pytest.raises(ValidationFailed) as wanting:
        walk.decided(case, SUPPORT, TRIAL, SIGNED_ON)
    assert {problem.field for problem in wanting.value.problems} == {"departureReason"}


@pytest.mark.parametrize("kind", ["sobriety", "alcohol_in_home"])
def test_the_tenancy_bans_neither_alcohol_nor_drugs(walk: Walk, kind: str) -> None:
    """STH-35: the tenancy act leaves no room for the clause."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)

    with pytest.raises(PolicyRefused):
        signed(walk, case, TRIAL, clauses=[{"kind": kind, "text": "Ingen alkohol i lägenheten."}])


def test_no_contract_without_dated_proof_of_the_link(walk: Walk) -> None:
    """STH-19 and LF-13 (RH 2018:28): told before signing, on a day."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)
    offer = accepted(walk, case, TRIAL, SIGNED_ON)

    for wrong in (
        {"told_of_link_on": None},
        {"told_of_link_on": SIGNED_ON + timedelta(days=1)},
        {"terms": {"fixed_term_until": "2027-03-31", "informed_of_link": False}},
    ):
        terms = {"fixed_term_until": "2027-03-31", "informed_of_link": True}
        with pytest.raises(ValidationFailed):
            walk.sign(offer, SIGNED_ON, **({"terms": terms} | wrong))
    assert walk.world.rows(Contract, case_id=case.id) == []


def test_decision_and_tenancy_are_kept_apart(walk: Walk) -> None:
    """STH-02, 19, 37, 39: declining support is no ground; the end of assistance is, with proof."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **ADULT)
    signed(walk, case, TRIAL)

    assert asks(walk, case, "notice_may_be_given") == "unknown"
    walk.answer(case, notice_grounds=["support_declined"])
    assert asks(walk, case, "notice_may_be_given") == "false"
    walk.answer(
        case,
        notice_grounds=["assistance_ended"],
        assistance_has_ended=True,
        link_clause_in_contract=True,
    )
    assert asks(walk, case, "notice_may_be_given") == "true"
    walk.answer(case, link_clause_in_contract=False)
    assert asks(walk, case, "notice_may_be_given") == "false"


def test_a_training_flat_is_never_taken_over(walk: Walk) -> None:
    """STH-20: for a time, second-hand, and no way to a first-hand lease in it."""
    case = walk.opened(SIGNED_ON - timedelta(days=50), **TRAINEE)
    offer = accepted(walk, case, TRAINING, SIGNED_ON)
    terms = {"fixed_term_until": "2027-03-31", "informed_of_link": True}
    with pytest.raises(ValidationFailed):
        walk.sign(offer, SIGNED_ON, terms={**terms, "may_be_taken_over": True})
    walk.sign(offer, SIGNED_ON, terms={**terms, "may_be_taken_over": False})

    assert walk.stage(case) == "housed"
    assert walk.pack.programme(TRAINING).takeover is None
    walk.answer(case, trial_time_over=True, approved_as_first_hand=True)
    assert asks(walk, case, "may_take_over_lease") == "false"
    assert not {"trial_time_over", "approved_as_first_hand"} & walk.asked(case)


def test_the_same_applicant_before_and_after_the_day_of_the_revision(walk: Walk) -> None:
    """STH-16: serious social problems are a ground to the last day of the older wording."""
    social = {**ADULT, "difficulties": ["serious_social_problems"]}
    case = walk.opened(BEFORE - timedelta(days=30), **social)

    with pytest.raises(ValidationFailed) as refused:
        walk.world.propose(case, SUPPORT, programme=TRIAL, on=AFTER)
    assert {problem.field for problem in refused.value.problems} == {"departureReason"}
    granted = walk.world.propose(case, SUPPORT, programme=TRIAL, on=BEFORE)
    assert granted.advice == "true"


def test_support_in_the_home_belongs_to_the_decision_since_the_revision(walk: Walk) -> None:
    """STH-30: before it was practice, but not stated."""
    alone = {**ADULT, "boendestod_granted": False}
    case = walk.opened(BEFORE - timedelta(days=30), **alone)

    with pytest.raises(ValidationFailed):
        walk.world.propose(case, SUPPORT, programme=TRIAL, on=AFTER)
    assert walk.world.propose(case, SUPPORT, programme=TRIAL, on=BEFORE).advice == "true"


def test_a_training_flat_is_watched_by_nobody(walk: Walk) -> None:
    """STH-09, STH-20: there is no day to wait for and nothing to ask; the trial flat beside it has one."""
    for programme, answers, watched in ((TRAINING, TRAINEE, False), (TRIAL, ADULT, True)):
        case = walk.opened(SIGNED_ON - timedelta(days=50), **answers)
        signed(walk, case, programme)
        with tenant_session(Audience.WORKER, walk.world.tenant_id) as session:
            watching.watch(session, case.id, "contract_signed")
        assert bool(walk.world.rows(Takeover, case_id=case.id)) is watched
