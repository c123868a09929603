"""Takes a household of ``tenancies`` through the services, from the first contact into its flat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.guarantees import service as guarantees
from hemvist.households.models import HouseholdMember
from hemvist.identity import Actor, Role
from hemvist.milestones.service import record_milestone
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.takeovers import absences, carrying, watching
from hemvist.takeovers import service as takeovers
from hemvist.tenancy import TenantSession
from hemvist_infra.demo import at_home, lives, words
from hemvist_infra.demo.people import Staff
from hemvist_infra.demo.population import PlannedHousehold
from hemvist_infra.demo.tenancies import TENANCIES, PlannedTenancy

SUPPORT, HOUSING = "support_to_obtain_housing", "housing"
#: Days before the contract on which the case was opened, and from signing to moving in.
_BEFORE, _UNTIL_MOVE = 100, 7


@dataclass(frozen=True, slots=True)
class ResidentCase:
    """A household's case, the day it was opened, and the flat it was to come to."""

    household: PlannedHousehold
    opened_on: date
    tenancy: PlannedTenancy
    today: date

    @property
    def signed_on(self) -> date:
        """The day on which the contract was signed."""
        return self.opened_on + timedelta(days=_BEFORE)


def resident_cases(
    households: list[PlannedHousehold], slug: str, today: date
) -> list[ResidentCase]:
    """The kommun's residents: lone adults without protection, of the departments that are named.

    From the back of the population, so that a smaller one has the same households first.
    """
    free = [one for one in reversed(households) if _is_plain(one)]
    found = []
    for tenancy in TENANCIES.get(slug, ()):
        household = next((one for one in free if one.department == tenancy.department), None)
        if household is None:
            continue
        free.remove(household)
        signed = add_months(today, -tenancy.months) - timedelta(days=tenancy.days + _UNTIL_MOVE)
        opened = signed - timedelta(days=_BEFORE)
        found.append(ResidentCase(household, opened, tenancy, today))
    return found


def _is_plain(household: PlannedHousehold) -> bool:
    applicant = household.applicant
    return (
        len(household.members) == 1
        and applicant.protection == "none"
        and applicant.registered_kommun is not None
    )


def live_in(
    session: TenantSession,
    staff: Staff,
    planned: ResidentCase,
    household_id: UUID,
    vacant: list[UUID],
) -> Case:
    """Assessed, granted, referred, housed, and as far towards a lease of its own as it is to be."""
    return Resident(session, staff, planned).live(household_id, vacant.pop())


class Resident:
    """One household on its way: who acts for it, and what it is to come to."""

    def __init__(self, session: TenantSession, staff: Staff, planned: ResidentCase) -> None:
        self.session = session
        self.staff = staff
        self.planned = planned
        self.tenancy = planned.tenancy
        self.caseworker = staff.caseworker(self.tenancy.department)
        self.manager = staff.manager(self.tenancy.department)
        #: Who matches may be another office than the one that lets.
        offices = [
            one for (role, _), one in staff.everyone.items() if role is Role.PROPERTY_OFFICER
        ]
        self.matcher, self.letter = offices[0], offices[-1]
        self.dice = Random(f"resident:{planned.household.slug}:{planned.household.position}")  # noqa: S311 - repeatable

    def day(self, before: int) -> date:
        """So many days before the contract was signed."""
        return self.planned.signed_on - timedelta(days=before)

    def live(self, household_id: UUID, unit_id: UUID) -> Case:
        case = cases.open_case(
            self.session,
            self.caseworker,
            household_id=household_id,
            department=self.tenancy.department,
            opened_on=self.planned.opened_on,
        )
        self._answer(case, dict(self.tenancy.answers), self.day(95))
        before = {day: name for day, name in self.tenancy.milestones.items() if day > 60}
        offer = self._housed(case, unit_id, before)
        contract = self._sign(offer)
        if self.tenancy.later:
            self._answer(case, dict(self.tenancy.later), self.planned.today)
        self._away(contract)
        lives.at_home(self, case)
        self._towards_own_lease(case)
        return case

    def supporter(self) -> Actor:
        """Who gives the support: the provider's staff where it is on commission."""
        return self.staff.provider(self.tenancy.support) or self.staff.supporter(
            self.tenancy.department
        )

    def _answer(self, case: Case, given: dict[str, Any], day: date) -> None:
        assessments.answer_all(
            self.session,
            self.caseworker,
            case_id=case.id,
            answers=words.as_answers(given, self.dice, effective_on=day),
        )

    def _housed(self, case: Case, unit_id: UUID, before: dict[int, str]) -> Offer:
        tenancy = self.tenancy
        draft = referrals.draft
        early = bool(before)
        if not early:
            self._decide(case, SUPPORT, self.day(60))
        referral = draft(
            self.session,
            self.caseworker,
            case_id=case.id,
            programme=tenancy.programme,
            content=dict(tenancy.content),
            on=self.day(85 if early else 55),
        )
        if tenancy.resident_signs:
            signing.record_resident_signature(
                self.session,
                self.caseworker,
                referral_id=referral.id,
                person_id=self._applicant(case),
                signed_on=self.day(55),
                expected_version=referral.version,
            )
        referrals.submit(
            self.session,
            self.caseworker,
            referral_id=referral.id,
            expected_version=referral.version,
            on=self.day(84 if early else 54),
        )
        referrals.register(
            self.session,
            self.matcher,
            referral_id=referral.id,
            expected_version=referral.version,
            on=self.day(83 if early else 53),
        )
        for ago, name in before.items():
            self._reach(case, name, self.day(ago))
        if early:
            self._decide_pair(case, self.day(65))
            if tenancy.support:
                at_home.commission(self, case, tenancy.support, self.day(60))
        for ago, name in tenancy.milestones.items():
            if ago not in before:
                self._reach(case, name, self.day(ago))
        offer = offers.make(
            self.session, self.matcher, referral_id=referral.id, unit_id=unit_id, on=self.day(23)
        )
        offers.accept(
            self.session,
            self.caseworker,
            offer_id=offer.id,
            expected_version=offer.version,
            on=self.day(20),
        )
        if not early and tenancy.housing_decision:
            self._decide(case, HOUSING, self.day(5))
        return offer

    def _decide(self, case: Case, kind: str, day: date) -> None:
        pack, programme = pack_of(case), self.tenancy.programme
        basis = pack.bases(decisions.definition(pack, programme, kind), day)[0].id
        proposal = decisions.propose(
            self.session,
            self.caseworker,
            case_id=case.id,
            programme=programme,
            kind=kind,
            outcome="granted",
            legal_basis=[basis],
            motivation=self.dice.choice(words.MOTIVATIONS),
            on=day,
        )
        self._as_proposed(proposal, day)

    def _decide_pair(self, case: Case, day: date) -> None:
        """The support and the home in one act."""
        pack, programme = pack_of(case), self.tenancy.programme
        motivation = self.dice.choice(words.MOTIVATIONS)
        first, _ = decisions.propose_together(
            self.session,
            self.caseworker,
            case_id=case.id,
            programme=programme,
            parts=[
                {
                    "kind": kind,
                    "outcome": "granted",
                    "legal_basis": [
                        pack.bases(decisions.definition(pack, programme, kind), day)[0].id
                    ],
                    "motivation": motivation,
                }
                for kind in (SUPPORT, HOUSING)
            ],
            on=day,
        )
        self._as_proposed(first, day)

    def _as_proposed(self, proposal: Decision, day: date) -> None:
        decisions.decide(
            self.session,
            self.manager,
            decision_id=proposal.id,
            expected_version=proposal.version,
            on=day,
        )

    def _reach(self, case: Case, milestone: str, day: date) -> None:
        by = pack_of(case).programme(self.tenancy.programme).milestone(milestone).by
        record_milestone(
            self.session,
            self.caseworker,
            case_id=case.id,
            milestone=milestone,
            parties=by[:1],
            happened_on=day,
        )

    def _sign(self, offer: Offer) -> Contract:
        signed = self.planned.signed_on
        starts = signed + timedelta(days=_UNTIL_MOVE)
        given = dict(self.tenancy.contract)
        months = self.tenancy.contract_months
        if months is not None:
            given["ends_on"] = ends = add_months(starts, months)
            terms = given.get("terms", {})
            given["terms"] = {key: str(ends) if terms[key] is None else terms[key] for key in terms}
        return guarantees.sign_contract(
            self.session,
            self.letter,
            offer_id=offer.id,
            signed_on=signed,
            starts_on=starts,
            told_of_link_on=signed,
            owner_notified_on=signed,
            **given,
        )

    def _away(self, contract: Contract) -> None:
        if self.tenancy.absence is None:
            return
        after, days = self.tenancy.absence
        began = contract.starts_on + timedelta(days=after)
        absences.record_absence(
            self.session,
            self.letter,
            contract_id=contract.id,
            began_on=began,
            ended_on=began + timedelta(days=days - 1),
            reason="treatment",
            approved=True,
        )

    def _towards_own_lease(self, case: Case) -> None:
        found = watching.takeover_of(self.session, case)
        if found is None or not self.tenancy.takeover:
            return
        today = self.planned.today
        takeovers.take_step(
            self.session,
            self.letter,
            takeover_id=found.id,
            step="inspection_together",
            done_on=today - timedelta(days=30),
            notes="Hallen behöver målas om. I övrigt väl vårdad.",
        )
        self._answer(case, {"absence_days": 0}, today)
        takeovers.request(
            self.session,
            self.letter,
            on=today - timedelta(days=25),
            expected_version=found.version,
            takeover_id=found.id,
        )
        if self.tenancy.takeover == "asked":
            return
        agrees = self.tenancy.takeover == "done"
        takeovers.answer(
            self.session,
            self.letter,
            agrees=agrees,
            reason="" if agrees else "Vill se ett halvår till innan kontraktet överlåts.",
            on=today - timedelta(days=12),
            expected_version=found.version,
            takeover_id=found.id,
        )
        if agrees:
            carrying.carry_out(
                self.session,
                self.letter,
                on=today - timedelta(days=5),
                parties=["landlord", "resident"],
                told=["open_support_told"],
                expected_version=found.version,
                takeover_id=found.id,
            )

    def _applicant(self, case: Case) -> UUID:
        return self.session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.role == "applicant",
            )
        ).one()
