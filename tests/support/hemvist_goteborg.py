"""Göteborg's Housing First as tests live it: from application to a flat with a sublease."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import yaml

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.households.service import NewMember
from hemvist.identity import Membership, Role
from hemvist.milestones import service as milestones
from hemvist.milestones.models import Milestone
from hemvist.offers import service as offers
from hemvist.policy.facts import FactKind
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist.units.models import Unit
from hemvist_packs import PACKS
from hemvist_registry import discovered
from hemvist_world import HOUSING, SUPPORT, World, adult, new_world, peopled

PACK = "goteborg/bostad-forst"
PROGRAMME = "bostad_forst"
CASEWORKER = "caseworker SF-SV"
CONTENT = {
    "filled_in_together": True,
    "target_group": "Akut hemlös sedan flera år, missbruk.",
    "support_needs": "Stöd i hemmet varje vecka.",
    "safety": "Inga kända risker.",
    "why_best": "Vill ha egen lägenhet och stöd.",
    "consent": True,
}
#: The waiver of tenure in the form of the law (JB 12:45 a).
WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "1234-25",
    "months": 24,
    "block_letting": False,
}
#: Everything that a person answers of a tenancy that was managed well; the landlord aside.
MANAGED: dict[str, Any] = {
    "rent_paid_months": 18,
    "pays_rent_independently": True,
    "neighbours_undisturbed": True,
    "joint_inspection_done": True,
    "flat_well_cared_for": True,
    "tribunal_leave": False,
}


def housing_first(tenant_id: UUID | None = None) -> World:
    """Social services, the coordination that matches, the landlord side; in a Göteborg of its own
    unless one is given."""
    if tenant_id is None:
        made = new_world(pack=PACK, departments={"SF-SV": ""})
    else:
        made = peopled(tenant_id, ["SF-SV"])
    made.add("coordinator", Membership(Role.PROPERTY_OFFICER, "BF"))
    made.add("property", Membership(Role.PROPERTY_OFFICER, "EXF"))
    return made


def asked_facts(**changes: Any) -> list[NewAnswer]:
    """The answers of the applicant in cases.yaml, with a reason for every judgement."""
    pack = discovered().get(PACK)
    book = yaml.safe_load(
        PACKS.joinpath("goteborg", "bostad-forst", "cases.yaml").read_text(encoding="utf-8")
    )
    given = {**book["households"]["applicant"], **changes}
    return [
        NewAnswer(fact, value, "Bedömt i samtal.", "samtal")
        for fact, value in given.items()
        if pack.fact(fact).kind is not FactKind.DERIVED
    ]


def answer(world: World, case: Case, **facts: Any) -> None:
    """What the caseworker answers later, with a reason."""
    given = [NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in facts.items()]
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=given)


def reached(world: World, case: Case, milestone: str, on: date, who: str, **more: Any) -> Milestone:
    """One milestone recorded, with its first party."""
    definition = discovered().get(PACK).programme(PROGRAMME).milestone(milestone)
    values: dict[str, Any] = {"parties": definition.by[:1], "happened_on": on}
    return world.act(  # type: ignore[no-any-return]
        who, milestones.record_milestone, case_id=case.id, milestone=milestone, **(values | more)
    )


def stage(world: World, case: Case) -> str | None:
    """The stage that the case is in."""
    programme = discovered().get(PACK).programme(PROGRAMME)
    return world.read(  # type: ignore[no-any-return]
        lambda session: milestones.stage_now(session, case, programme)
    )


def opened(world: World, on: date, *others: NewMember) -> Case:
    """A case opened on a day, answered as the applicant of cases.yaml; who else is in the household."""
    household = world.household(
        adult(registered_kommun="1480", protection_checked_on=on),
        *others,
        department="SF-SV",
        registered_on=on,
    )
    case = world.act(
        CASEWORKER,
        cases.open_case,
        household_id=household.id,
        department="SF-SV",
        opened_on=on,
    )
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=asked_facts())
    return case  # type: ignore[no-any-return]


def referred(world: World, case: Case, on: date, **content: Any) -> Referral:
    """Drafted and submitted on a day, and registered by the coordination the next."""
    draft = world.act(
        CASEWORKER,
        referrals.draft,
        case_id=case.id,
        programme=PROGRAMME,
        content={**CONTENT, **content},
        on=on,
    )
    sent = world.act(
        CASEWORKER,
        referrals.submit,
        referral_id=draft.id,
        expected_version=draft.version,
        on=on,
    )
    return world.act(  # type: ignore[no-any-return]
        "coordinator",
        referrals.register,
        referral_id=sent.id,
        expected_version=sent.version,
        on=on + timedelta(days=1),
    )


def granted(world: World, case: Case, on: date) -> None:
    """Both decisions, on the act of the day."""
    basis = "sol_2025_11_1" if on >= date(2025, 7, 1) else "sol_2001_4_1"
    world.grant_together(case, (SUPPORT, HOUSING), programme=PROGRAMME, legal_basis=[basis], on=on)


def in_phase_1(world: World, moved_in: date, *others: NewMember) -> tuple[Case, Referral]:
    """Granted, with phase 1 begun five weeks before moving in."""
    start = moved_in - timedelta(days=90)
    case = opened(world, start, *others)
    referral = referred(world, case, start + timedelta(days=10))
    reached(world, case, "advance_notice", start + timedelta(days=15), CASEWORKER)
    reached(world, case, "information_meeting", start + timedelta(days=20), CASEWORKER)
    granted(world, case, start + timedelta(days=25))
    reached(world, case, "phase_1", moved_in - timedelta(days=35), CASEWORKER)
    return case, referral


def sign(
    world: World, referral: Referral, moved_in: date, unit: Unit | None = None, **changes: Any
) -> Contract:
    """One flat shown and taken, signed a week before moving in."""
    shown = moved_in - timedelta(days=30)
    flat = world.act(
        "coordinator",
        offers.make,
        referral_id=referral.id,
        unit_id=(unit or world.unit()).id,
        on=shown,
    )
    taken = world.act(
        CASEWORKER,
        offers.accept,
        offer_id=flat.id,
        expected_version=flat.version,
        on=shown + timedelta(days=2),
    )
    week_before = moved_in - timedelta(days=7)
    words = {
        "signed_on": week_before,
        "starts_on": moved_in,
        "told_of_link_on": week_before,
        "owner_notified_on": week_before,
        "terms": {"informed_of_duties": True},
        "waiver": WAIVER,
        "went_on_because": "Rutinens tid står i avtalet; lagens tid gäller.",
    }
    return world.contract(taken, **(words | changes))


def housed(world: World, moved_in: date, *others: NewMember) -> tuple[Case, Contract]:
    """Living in the flat since a day."""
    case, referral = in_phase_1(world, moved_in, *others)
    return case, sign(world, referral, moved_in)
