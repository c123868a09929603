"""A case of Göteborg's Housing First through the services: from application to open support."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.offers import service as offers
from hemvist.policy import add_days, add_months
from hemvist.referrals.models import Referral
from hemvist_goteborg import (
    CASEWORKER,
    WAIVER,
    answer,
    granted,
    housing_first,
    opened,
    reached,
    referred,
    stage,
)
from hemvist_world import World

#: The day of moving in: 18 months and some days ago, so that the time is full.
MOVED_IN = add_days(add_months(today(), -18), -5)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg: social services, the coordination that matches, and the landlord side."""
    return housing_first()


def open_duties(world: World, case: Case) -> dict[str, int]:
    """How many of each dated duty are open."""
    rows = world.rows(Obligation, case_id=case.id, state="open")
    return {code: sum(row.code == code for row in rows) for code in {row.code for row in rows}}


def sign(world: World, case: Case, referral: Referral, **changes: Any) -> Contract:
    """Two flats shown, one taken, signed a week before moving in."""
    shown = MOVED_IN - timedelta(days=30)
    flats = [
        world.act(
            "coordinator", offers.make, referral_id=referral.id, unit_id=world.unit().id, on=shown
        )
        for _ in range(2)
    ]
    with pytest.raises((Conflict, PolicyRefused)):
        world.act(
            "coordinator", offers.make, referral_id=referral.id, unit_id=world.unit().id, on=shown
        )
    taken = world.act(
        CASEWORKER,
        offers.accept,
        offer_id=flats[0].id,
        expected_version=flats[0].version,
        on=shown + timedelta(days=2),
    )
    words = {
        "signed_on": MOVED_IN - timedelta(days=7),
        "starts_on": MOVED_IN,
        "told_of_link_on": MOVED_IN - timedelta(days=7),
        "owner_notified_on": MOVED_IN - timedelta(days=7),
        "terms": {"informed_of_duties": True},
        "waiver": WAIVER,
        "went_on_because": "Rutinens tid står i avtalet; lagens tid gäller.",
    }
    return world.contract(taken, **(words | changes))


def test_the_whole_way(world: World) -> None:
    """Four phases, two decisions, two flats, and the owner's yes at the end of phase 2."""
    start = MOVED_IN - timedelta(days=90)
    case = opened(world, start)
    referral = referred(world, case, start + timedelta(days=10))
    assert stage(world, case) == "referral"

    reached(world, case, "advance_notice", start + timedelta(days=15), CASEWORKER)
    reached(world, case, "information_meeting", start + timedelta(days=20), CASEWORKER)
    granted(world, case, start + timedelta(days=25))
    assert stage(world, case) == "waiting"
    reached(world, case, "assignment", start + timedelta(days=26), CASEWORKER)
    reached(world, case, "phase_1", MOVED_IN - timedelta(days=35), CASEWORKER)
    assert stage(world, case) == "phase_1"

    sign(world, case, referral)
    assert stage(world, case) == "phase_2"
    duties = open_duties(world, case)
    assert duties["home_visit"] >= 78
    assert duties["flat_review"] == duties["send_checklist"] >= 18
    assert duties["monthly_report"] >= 18
    assert duties["reassess_support"] == duties["watch_transfer"] == 1

    told: dict[str, Any] = {"told": ["open_support_told"]}
    with pytest.raises(PolicyRefused):
        reached(world, case, "transfer", today(), "property", **told)
    answer(
        world,
        case,
        absence_days=0,
        rent_paid_months=18,
        pays_rent_independently=True,
        neighbours_undisturbed=True,
        joint_inspection_done=True,
        flat_well_cared_for=True,
        owner_approves=False,
        tribunal_leave=False,
    )
    with pytest.raises(PolicyRefused) as no:
        reached(world, case, "transfer", today(), "property", **told)
    assert "may_take_over" in str(no.value)
    answer(world, case, owner_approves=True)
    with pytest.raises(ValidationFailed):
        reached(world, case, "transfer", today(), "property")
    reached(world, case, "transfer", today(), "property", **told)

    assert stage(world, case) == "phase_3"
    after = world.rows(Obligation, case_id=case.id, code="home_visit", state="open")
    assert [row for row in after if row.due_on > today()] == []

    answer(world, case, support_end_ground="new_contract_type")
    with pytest.raises(PolicyRefused):
        reached(world, case, "assistance_ended", today(), CASEWORKER)
    answer(world, case, support_end_ground="participant_wishes")
    reached(world, case, "assistance_ended", today(), CASEWORKER)
    assert stage(world, case) == "phase_4"


def test_no_advance_notice_without_a_flat_in_sight(world: World) -> None:
    """GBG-33: the guard of the stage asks, and says what it rests on."""
    case = opened(world, today() - timedelta(days=60))
    answer(world, case, flat_expected_in_time=False)
    referred(world, case, today() - timedelta(days=50))

    with pytest.raises(PolicyRefused) as no:
        reached(world, case, "advance_notice", today() - timedelta(days=40), CASEWORKER)
    assert "advance_notice_possible" in str(no.value)
    assert stage(world, case) == "referral"


def test_a_referral_that_the_applicant_has_no_part_in_is_not_sent(world: World) -> None:
    """GBG-31 and GBG-16: filled in together, and with consent."""
    case = opened(world, today() - timedelta(days=60))

    with pytest.raises((PolicyRefused, ValidationFailed)):
        referred(world, case, today() - timedelta(days=50), filled_in_together=False)


def test_no_contract_before_the_decision(world: World) -> None:
    """Tension 5: in Göteborg the decision comes first, the reverse of Helsingborg."""
    start = MOVED_IN - timedelta(days=90)
    case = opened(world, start)
    referral = referred(world, case, start + timedelta(days=10))

    with pytest.raises(PolicyRefused) as no:
        sign(world, case, referral)
    assert "decision" in str(no.value)


def in_phase_1(world: World) -> tuple[Case, Referral]:
    """Granted, with phase 1 begun five weeks before moving in."""
    start = MOVED_IN - timedelta(days=90)
    case = opened(world, start)
    referral = referred(world, case, start + timedelta(days=10))
    reached(world, case, "advance_notice", start + timedelta(days=15), CASEWORKER)
    reached(world, case, "information_meeting", start + timedelta(days=20), CASEWORKER)
    granted(world, case, start + timedelta(days=25))
    reached(world, case, "phase_1", MOVED_IN - timedelta(days=35), CASEWORKER)
    return case, referral


def test_fourteen_days_of_notice_need_a_reason(world: World) -> None:
    """GBG-77 and LF-1: the contract is signed as the routine has it, in spite of a warning."""
    case, referral = in_phase_1(world)

    with pytest.raises(ValidationFailed) as warned:
        sign(world, case, referral, went_on_because="")
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-1"}


def test_a_waiver_without_approval_is_warned_of_too(world: World) -> None:
    """GBG-78 and LF-2: the rent tribunal has not approved it."""
    case, referral = in_phase_1(world)

    with pytest.raises(ValidationFailed) as warned:
        sign(world, case, referral, went_on_because="", waiver={**WAIVER, "approved": False})
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-1", "LF-2"}


def test_visits_never_become_a_term_of_the_lease(world: World) -> None:
    """GBG-92 and LF-3: the weekly visit is stopped when somebody writes it into the contract."""
    case, referral = in_phase_1(world)

    with pytest.raises(PolicyRefused) as stopped:
        sign(world, case, referral, clauses=[{"kind": "home_visits", "text": "Besök varje vecka."}])
    assert "LF-3" in str(stopped.value)


def test_notice_keeps_the_support_until_the_keys_are_in(world: World) -> None:
    """GBG-119: given notice, then moved out, and the way back to another flat is guarded."""
    case, referral = in_phase_1(world)
    sign(world, case, referral)

    told = today() - timedelta(days=120)
    notice: dict[str, Any] = {
        "given_by": "landlord",
        "ground": "misconduct",
        "ends_on": today() - timedelta(days=20),
        "board_told_on": told - timedelta(days=14),
    }
    with pytest.raises(ValidationFailed):
        reached(world, case, "notice", told, "property", notice=notice)
    notice["demand_sent_on"] = told - timedelta(days=30)
    reached(world, case, "notice", told, "property", notice=notice)
    assert stage(world, case) == "leaving"
    reached(world, case, "keys", today() - timedelta(days=20), CASEWORKER)
    assert stage(world, case) == "moved_out"
    for code in ("home_visit", "flat_review", "send_checklist"):
        left = world.rows(Obligation, case_id=case.id, code=code, state="open")
        assert [row.due_on for row in left if row.due_on > today() - timedelta(days=20)] == []
    answer(world, case, given_notice_before=True, special_circumstances_against=True)
    with pytest.raises(PolicyRefused):
        reached(world, case, "phase_1", today(), CASEWORKER)
    answer(world, case, special_circumstances_against=False)
    reached(world, case, "phase_1", today(), CASEWORKER)
    assert stage(world, case) == "phase_1"
