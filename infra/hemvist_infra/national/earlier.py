"""The years before the guideline: cases by the one that the kommuner worked by until then.

A social contract second-hand that the tenant takes over, or a home at once with a guide every week.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.decisions import service as decisions
from hemvist.follow_ups import service as follow_ups
from hemvist.guarantees import service as guarantees
from hemvist.households.models import HouseholdMember
from hemvist.identity import Actor, Role
from hemvist.milestones import service as milestones
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.support_plans import signing as plan_signing
from hemvist.tenancy import TenantSession
from hemvist_infra.demo import words
from hemvist_infra.demo.people import Staff
from hemvist_infra.demo.stages import PlannedCase
from hemvist_infra.national.guidelines import EARLIER_OFFICE

SOCIAL_CONTRACT, HOUSING_FIRST = "social_contract", "bostad_forst"
#: Entitled to each programme: what the guideline asks, answered.
_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    SOCIAL_CONTRACT: {"barred_from_market": True},
    HOUSING_FIRST: {"homeless": True},
}
_WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "88-17",
    "months": 36,
    "block_letting": False,
}
#: Who signs a plan in three parts, without anybody's name.
_PARTIES = {"resident": "Den boende", "landlord": "Hyresvärden", "referring": "Kommunen"}
#: What is done when it falls due; the rest ends with a milestone.
_HELD = ("boplan", "boplan_review", "weekly_contact")
#: Days before the contract on which the home is proposed and decided.
_PROPOSED, _DECIDED = 3, 2


@dataclass(frozen=True, slots=True)
class EarlierLife:
    """One case by the earlier guideline, with the day on which support was over, if it is."""

    session: TenantSession
    staff: Staff
    planned: PlannedCase
    programme: str
    supported_until: date | None
    dice: Random

    def live(self, household_id: UUID, home: UUID) -> Case:
        """Everything up to the end of support, or to today."""
        day = self.planned.day
        case = cases.open_case(
            self.session,
            self._caseworker,
            household_id=household_id,
            department=self._department,
            opened_on=day("answered") - timedelta(days=4),
        )
        assessments.answer_all(
            self.session,
            self._caseworker,
            case_id=case.id,
            answers=words.as_answers(
                dict(_ANSWERS[self.programme]), self.dice, effective_on=day("answered")
            ),
        )
        self._decide(case, "support_to_obtain_housing", day("proposed"), day("decided"))
        offer = self._offered(case, home)
        signed = day("contracted")
        decided = signed - timedelta(days=_DECIDED)
        self._decide(case, "housing", signed - timedelta(days=_PROPOSED), decided)
        self._sign(offer, signed)
        self._support(case, signed)
        return case

    @property
    def _department(self) -> str:
        return self.planned.household.department

    @property
    def _caseworker(self) -> Actor:
        return self.staff.caseworker(self._department)

    @property
    def _officer(self) -> Actor:
        return self.staff.everyone[Role.PROPERTY_OFFICER, EARLIER_OFFICE]

    def _decide(self, case: Case, kind: str, proposed: date, decided: date) -> None:
        proposal = decisions.propose(
            self.session,
            self._caseworker,
            case_id=case.id,
            programme=self.programme,
            kind=kind,
            outcome="granted",
            legal_basis=["sol_2001_4_1"],
            motivation=self.dice.choice(words.MOTIVATIONS),
            child_assessment=words.CHILD_ASSESSMENT if self.planned.household.children else "",
            on=proposed,
        )
        decisions.decide(
            self.session,
            self.staff.manager(self._department),
            decision_id=proposal.id,
            expected_version=proposal.version,
            on=decided,
        )

    def _offered(self, case: Case, home: UUID) -> Offer:
        day = self.planned.day
        referral = self._referred(case)
        referrals.register(
            self.session,
            self._officer,
            referral_id=referral.id,
            expected_version=referral.version,
            on=day("registered"),
        )
        offer = offers.make(
            self.session,
            self._officer,
            referral_id=referral.id,
            unit_id=home,
            on=day("offered"),
        )
        return offers.accept(
            self.session,
            self._caseworker,
            offer_id=offer.id,
            expected_version=offer.version,
            on=day("answered_offer"),
        )

    def _referred(self, case: Case) -> Referral:
        day = self.planned.day
        children = self.planned.household.children
        draft = referrals.draft(
            self.session,
            self._caseworker,
            case_id=case.id,
            programme=self.programme,
            content={
                "household": "En vuxen." if not children else f"En vuxen och {children} barn.",
                "home_needed": f"{1 + children} rum och kök.",
                "reasons": self.dice.choice(words.MOTIVATIONS),
            },
            on=day("drafted"),
        )
        applicant = self.session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.role == "applicant",
            )
        ).one()
        signing.record_resident_signature(
            self.session,
            self._caseworker,
            referral_id=draft.id,
            person_id=applicant,
            signed_on=day("resident_signed"),
            expected_version=draft.version,
        )
        return referrals.submit(
            self.session,
            self._caseworker,
            referral_id=draft.id,
            expected_version=draft.version,
            on=day("submitted"),
        )

    def _sign(self, offer: Offer, signed: date) -> None:
        second_hand = self.programme == SOCIAL_CONTRACT
        guarantees.sign_contract(
            self.session,
            self._officer,
            offer_id=offer.id,
            signed_on=signed,
            starts_on=signed + timedelta(days=7),
            terms={} if second_hand else {"tenancy_act": True},
            waiver=_WAIVER if second_hand else None,
            told_of_link_on=signed,
            owner_notified_on=signed,
        )

    def _support(self, case: Case, signed: date) -> None:
        over = self.supported_until
        taken_over = None
        if self.programme == SOCIAL_CONTRACT and over is not None:
            taken_over = max(add_months(signed, 12), add_months(over, -12))
        self._hold(case, taken_over or over or today())
        if over is None:
            return
        if taken_over is not None:
            self._take_over(case, taken_over)
        self._hold(case, over)
        self._reach(case, "support_over", over, self._caseworker)

    def _take_over(self, case: Case, day: date) -> None:
        self._reach(case, "reconciliation", day - timedelta(days=10), self._caseworker)
        assessments.answer_all(
            self.session,
            self._caseworker,
            case_id=case.id,
            answers=words.as_answers(
                {"reconciliation_favours_takeover": True},
                self.dice,
                effective_on=day - timedelta(days=10),
            ),
        )
        self._reach(case, "taken_over", day, self._officer)

    def _reach(self, case: Case, milestone: str, day: date, actor: Actor) -> None:
        by = pack_of(case).programme(self.programme).milestone(milestone).by
        milestones.record_milestone(
            self.session,
            actor,
            case_id=case.id,
            milestone=milestone,
            happened_on=day,
            parties=by,
        )

    def _hold(self, case: Case, until: date) -> None:
        """What has fallen due by a day was done on its day."""
        due = self.session.scalars(
            select(Obligation)
            .where(
                Obligation.case_id == case.id,
                Obligation.code.in_(_HELD),
                Obligation.state == "open",
                Obligation.due_on <= min(until, today()),
            )
            .order_by(Obligation.due_on, Obligation.code)
        ).all()
        supporter = self.staff.supporter(self._department)
        for obligation in due:
            made = follow_ups.record_follow_up(
                self.session,
                supporter,
                obligation_id=obligation.id,
                held_on=obligation.due_on,
                departments=[self._department],
                resident_took_part=self.dice.random() < 0.95,
                in_the_home=True,
                agenda_done=[str(item["id"]) for item in obligation.agenda],
                notes=self.dice.choice(words.NOTES),
                plan={"agreed": self.dice.choice(words.NOTES)}
                if obligation.creates == "plan"
                else None,
                expected_version=obligation.version,
            )
            if made.plan_id is not None:
                self._sign_plan(supporter, made.plan_id, obligation.due_on)

    def _sign_plan(self, supporter: Actor, plan_id: UUID, day: date) -> None:
        for version, (party, name) in enumerate(_PARTIES.items(), 1):
            plan_signing.sign(
                self.session,
                supporter,
                plan_id=plan_id,
                party=party,
                name=name,
                signed_on=day,
                expected_version=version,
            )
