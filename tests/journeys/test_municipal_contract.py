"""From first contact to a flat with its follow-ups: a municipal contract, three people, one household.

Caseworker, manager and property officer each do their own part; nothing is arranged behind the
services' backs.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.audit import AuditEntry
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.access import visible_cases
from hemvist.cases.models import Case, CaseDisclosure, CaseEvent
from hemvist.cases.packs import pack_of
from hemvist.cases.stage import stage_of
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.decisions import service as decisions
from hemvist.errors import NotFound, PolicyRefused
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.models import FollowUp
from hemvist.guarantees import service as guarantees
from hemvist.households import service as households
from hemvist.offers import service as offers
from hemvist.outbox.models import OutboxEvent
from hemvist.policy import add_months
from hemvist.referrals import contents, signing
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist.support_plans.models import SupportPlan
from hemvist.units.models import Unit
from hemvist_world import (
    BASIS,
    MUNICIPAL,
    PLAN,
    SUPPORT,
    World,
    adult,
    answers,
    content,
    new_world,
)

#: The day that the household first came, long enough ago for follow-ups to have fallen due.
FIRST = today() - timedelta(days=260)
CASEWORKER, MANAGER, PROPERTY = "caseworker SOF-VUX", "manager SOF-VUX", "property"


def test_from_first_contact_to_follow_ups(world: World) -> None:
    household = world.act(
        CASEWORKER,
        households.register,
        department="SOF-VUX",
        members=[adult()],
        registered_on=FIRST,
    )
    case = world.act(
        CASEWORKER,
        cases.open_case,
        household_id=household.id,
        department="SOF-VUX",
        opened_on=FIRST,
    )
    assert case.number.startswith(f"{FIRST.year}-")
    assert (case.pack_version, case.programme) == (pack_of(case).version, None)

    _assess(world, case)
    decision = _decide_on_support(world, case, FIRST + timedelta(days=20))
    referral = _refer(world, case, FIRST + timedelta(days=25))
    assert referral.decision_id == decision.id

    with pytest.raises(NotFound):
        world.act(
            "caseworker AMF",
            referrals.withdraw,
            referral_id=referral.id,
            reason="-",
            expected_version=referral.version,
        )
    registered_on = FIRST + timedelta(days=32)
    referral = world.act(
        PROPERTY,
        referrals.register,
        referral_id=referral.id,
        expected_version=referral.version,
        on=registered_on,
    )
    # HBG-75: a referral holds for a year from its registration.
    assert referral.valid_until == add_months(registered_on, 12)

    contract_id = _offer_and_sign(world, case, referral, FIRST + timedelta(days=60))
    granted_on = FIRST + timedelta(days=68)
    housing = world.grant(case, "housing", on=granted_on)
    assert housing.contract_id == contract_id

    _obligations_on_the_packs_dates(world, case, granted_on)
    _first_follow_up_brings_the_plan(world, case, granted_on)
    _everything_left_its_trace(world, case)


def _assess(world: World, case: Case) -> None:
    """Nothing known: the engine asks. Everything answered: each criterion is true, with its source."""
    with world.session() as session:
        before = {said.rule: said for said in assessments.criteria(session, case, FIRST)}
    assert before["entitled"].outcome == "unknown"
    assert "has_own_contract" in before["entitled"].ask
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=answers("SOF-VUX"))
    with world.session() as session:
        after = {said.rule: said for said in assessments.criteria(session, case, FIRST)}
        asked = {
            question.fact.name: question for question in assessments.questions(session, case, FIRST)
        }
    assert after["entitled"].outcome == "true"
    assert after["adults_responsible"].outcome == "true"
    own_contract = after["entitled"].node("no_own_contract")
    assert (own_contract.outcome, own_contract.cite) == ("true", ("RL §2",))
    assert asked["lacks_roof"].value is True
    assert asked["lacks_roof"].answer is not None
    assert asked["registered_kommun"].from_record
    concluded = world.act(
        CASEWORKER,
        assessments.conclude,
        case_id=case.id,
        rule="entitled",
        conclusion=True,
        on=FIRST + timedelta(days=14),
    )
    assert (concluded.outcome, concluded.conclusion) == ("true", True)
    assert concluded.trace[0]["id"] == "entitled"


def _decide_on_support(world: World, case: Case, day: date) -> decisions.Decision:
    proposal = world.act(
        CASEWORKER,
        decisions.propose,
        case_id=case.id,
        programme=MUNICIPAL,
        kind=SUPPORT,
        outcome="granted",
        legal_basis=[BASIS],
        motivation="Behovet kan inte tillgodoses på annat sätt.",
        on=day,
    )
    assert (proposal.state, proposal.advice) == ("proposed", "true")
    decided = world.act(
        MANAGER,
        decisions.decide,
        decision_id=proposal.id,
        expected_version=proposal.version,
        on=day + timedelta(days=1),
    )
    assert (decided.state, decided.decided_by) == ("decided", world[MANAGER].principal_id)
    return decided  # type: ignore[no-any-return]


def _refer(world: World, case: Case, day: date) -> Referral:
    """The list of what is missing shrinks to nothing; then two different people sign."""
    draft = world.act(
        CASEWORKER,
        referrals.draft,
        case_id=case.id,
        programme=MUNICIPAL,
        content={"household": "En vuxen."},
        on=day,
    )
    with world.session() as session:
        wanting = contents.missing(session, case, draft, day)
    # What the decision on support fills in is there already (HBG-87, HBG-88).
    assert {item.id for item in wanting} == {
        *("home_size", "present_housing", "housing_history", "housing_support"),
        *("means_of_support", "debt_picture"),
    }
    assert all(item.cite == ("RL §3.1",) for item in wanting)
    with pytest.raises(PolicyRefused) as refused:
        world.act(
            CASEWORKER,
            signing.record_resident_signature,
            referral_id=draft.id,
            person_id=world.applicant(case),
            signed_on=day,
            expected_version=draft.version,
        )
    assert refused.value.rule == "contents_missing"
    assert {item["id"] for item in refused.value.items} == {item.id for item in wanting}

    whole = world.act(
        CASEWORKER,
        referrals.revise,
        referral_id=draft.id,
        content=content(),
        told_one_offer_on=day,
        expected_version=draft.version,
    )
    signed = world.sign(whole, case)
    assert _seen_by(world, PROPERTY, case) is False
    submitted = world.act(
        CASEWORKER,
        referrals.submit,
        referral_id=signed.id,
        expected_version=signed.version,
        on=day + timedelta(days=3),
    )
    assert submitted.state == "submitted"
    assert submitted.content["motivation"] == "Behovet kan inte tillgodoses på annat sätt."
    assert _seen_by(world, PROPERTY, case) is True
    disclosure = world.rows(CaseDisclosure, case_id=case.id)[0]
    assert (disclosure.department, disclosure.ground) == ("FF", referrals.DISCLOSURE_GROUND)
    assert "debt_picture" in disclosure.fields
    return submitted  # type: ignore[no-any-return]


def _offer_and_sign(world: World, case: Case, referral: Referral, day: date) -> object:
    unit = world.unit()
    offer = world.offer(referral, unit, on=day)
    assert world.again(unit).state == "offered"
    accepted = world.act(
        CASEWORKER,
        offers.accept,
        offer_id=offer.id,
        expected_version=offer.version,
        viewing_on=day + timedelta(days=2),
        on=day + timedelta(days=1),
    )
    assert (accepted.state, world.again(unit).state) == ("accepted", "reserved")
    contract = world.act(
        PROPERTY,
        guarantees.sign_contract,
        offer_id=offer.id,
        signed_on=day + timedelta(days=5),
        starts_on=day + timedelta(days=7),
        told_of_link_on=day + timedelta(days=5),
        owner_notified_on=day + timedelta(days=6),
        terms={"informed_of_link": True, "notice_months": 3},
    )
    assert (contract.kind, contract.form) == ("sublease", "kommunalt_kontrakt")
    assert contract.rent_ore == unit.rent_ore
    assert world.again(unit).state == "let"
    assert world.again(referral).state == "fulfilled"
    return contract.id


def _obligations_on_the_packs_dates(world: World, case: Case, granted_on: date) -> None:
    rows = world.rows(Obligation, case_id=case.id)
    due = {(row.code, row.ordinal): row for row in rows if row.state == "open"}
    first = due["first_follow_up", 1]
    assert first.due_on == add_months(granted_on, 1)
    assert (first.by, first.departments) == (["referring", "property"], ["FF", "SOF-VUX"])
    assert first.creates == "plan"
    # Quarters are counted from the decision, never chained (HBG-103).
    for ordinal in (1, 2, 3, 4):
        assert due["follow_up", ordinal].due_on == add_months(granted_on, 3 * ordinal)
    # The decision on support was carried out in time: nothing to report (LF-8).
    assert "execute_decision" not in {code for code, _ in due}


def _first_follow_up_brings_the_plan(world: World, case: Case, granted_on: date) -> None:
    first = world.rows(Obligation, case_id=case.id, code="first_follow_up")[0]
    held = {
        "obligation_id": first.id,
        "held_on": granted_on + timedelta(days=25),
        "departments": ["SOF-VUX", "FF"],
        "resident_took_part": True,
        "in_the_home": True,
        "agenda_done": ["care_of_flat", "laundry_room"],
        "expected_version": first.version,
    }
    with pytest.raises(PolicyRefused) as refused:
        world.act(CASEWORKER, follow_ups.record_follow_up, **held)
    assert refused.value.rule == "plan_due"
    follow_up = world.act(CASEWORKER, follow_ups.record_follow_up, **held, plan=PLAN)
    plan = world.rows(SupportPlan, case_id=case.id)[0]
    assert (plan.kind, plan.agreed_on, follow_up.plan_id) == (
        "boendeplan",
        held["held_on"],
        plan.id,
    )
    assert world.again(first).state == "done"
    assert len(world.rows(FollowUp, case_id=case.id)) == 1


def _everything_left_its_trace(world: World, case: Case) -> None:
    events = [
        event.kind
        for event in sorted(
            world.rows(CaseEvent, case_id=case.id),
            key=lambda event: (event.occurred_on, event.recorded_at),
        )
        if event.kind not in ("questions_answered", "referral_revised")
    ]
    assert events == [
        *("case_opened", "assessment_concluded", "decision_proposed", "support_granted"),
        *("referral_drafted", "referral_signed_by_resident", "referral_signed_by_manager"),
        *("referral_submitted", "referral_registered", "offer_made", "offer_accepted"),
        *("contract_signed", "referral_fulfilled", "moved_in", "decision_proposed"),
        *("decision_granted", "plan_signed", "follow_up_recorded"),
    ]
    programme = pack_of(case).programme(MUNICIPAL)
    assert stage_of(programme, events) == "housed"
    lines = world.rows(CaseEvent, case_id=case.id)
    entries = world.rows(AuditEntry, case_id=case.id, kind="write")
    assert len(entries) == len(lines)
    assert all(entry.person_ids == [world.applicant(case)] for entry in entries)
    relayed = [
        event for event in world.rows(OutboxEvent) if event.payload.get("case_id") == str(case.id)
    ]
    assert sorted(event.type for event in relayed) == sorted(line.kind for line in lines)


def _seen_by(world: World, name: str, case: Case) -> bool:
    with world.session(world[name]) as session:
        return (
            session.scalar(select(Case.id).where(Case.id == case.id, visible_cases(world[name])))
            is not None
        )


def test_nothing_of_it_is_seen_in_another_kommun(world: World) -> None:
    """As a user of another kommun every id answers "not found", whoever asks for what."""
    case = world.case()
    referral = world.registered(case)
    unit = world.unit()
    other = new_world()
    attempts = [
        (
            "caseworker SOF-VUX",
            closing.close,
            {"reason": "other", "case_id": case.id, "expected_version": 1},
        ),
        (
            "caseworker SOF-VUX",
            assessments.answer_all,
            {"case_id": case.id, "answers": [NewAnswer("has_own_contract", True)]},
        ),
        (
            "property",
            offers.make,
            {"referral_id": referral.id, "unit_id": unit.id},
        ),
        (
            "property",
            referrals.withdraw,
            {"referral_id": referral.id, "reason": "x", "expected_version": 5},
        ),
    ]
    for name, verb, arguments in attempts:
        with pytest.raises(NotFound):
            other.act(name, verb, **arguments)
    with other.session() as session:
        assert session.scalars(select(Case)).all() == []
        assert session.scalars(select(Unit)).all() == []
    assert world.again(referral).state == "registered"
