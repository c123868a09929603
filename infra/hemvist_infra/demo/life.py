"""Takes one case through the services to the place where it is to stand, on the days it happened."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.households.models import HouseholdMember
from hemvist.identity import Actor
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist_infra.demo import words
from hemvist_infra.demo.courts import appeal, tried
from hemvist_infra.demo.evictions import avert
from hemvist_infra.demo.guaranteed import claim, paid_back
from hemvist_infra.demo.home_life import come_back, follow_up, leave, move_in, state_need
from hemvist_infra.demo.people import Staff
from hemvist_infra.demo.stages import GUARANTEE, PlannedCase

SUPPORT, HOUSING = "support_to_obtain_housing", "housing"


class Life:
    """One case on its way. ``vacant`` holds the ids of vacant flats; those used are taken out."""

    def __init__(
        self, session: TenantSession, staff: Staff, planned: PlannedCase, vacant: list[UUID]
    ) -> None:
        self.session = session
        self.planned = planned
        self.vacant = vacant
        self.staff = staff
        self.department = planned.household.department
        self.caseworker = staff.caseworker(self.department)
        self.manager = staff.manager(self.department)
        self.dice = Random(f"life:{planned.household.position}")  # noqa: S311 - repeatable
        self.given = words.answers(
            planned.household,
            self.dice,
            guarantee=planned.stage.programme == GUARANTEE,
            entitled=planned.stage.entitled,
        )

    def live(self, household_id: UUID) -> Case:
        """Open the case and take every step up to its stage."""
        case = cases.open_case(
            self.session,
            self.caseworker,
            household_id=household_id,
            department=self.department,
            opened_on=self.planned.opened_on,
        )
        self.go_on(case)
        return case

    def go_on(self, case: Case) -> None:
        """Take every step of an open case up to its stage."""
        self._assess(case)
        if self.planned.reaches("proposed"):
            self._decide(case)
        if self.planned.reaches("drafted"):
            referral = self._refer(case)
            if self.planned.reaches("registered"):
                self._register(case, referral)
            if self.planned.reaches("offered"):
                self._house(case, referral)

    def _assess(self, case: Case) -> None:
        day = self.planned.day("answered")
        given = dict(self.given)
        if self.planned.stage.last == "answered":
            keep = self.dice.randrange(3, 12)
            given = dict(list(given.items())[:keep])
        assessments.answer_all(
            self.session,
            self.caseworker,
            case_id=case.id,
            answers=words.as_answers(given, self.dice, effective_on=day),
        )
        if self.planned.reaches("concluded"):
            entitled = self.planned.stage.entitled
            assessments.conclude(
                self.session,
                self.caseworker,
                case_id=case.id,
                rule="entitled",
                conclusion=entitled,
                on=self.planned.day("concluded"),
            )

    def propose(self, case: Case, kind: str, day: date, *, granted: bool = True) -> Decision:
        """The caseworker's proposal, on the provision in force that day."""
        pack = pack_of(case)
        programme = self.planned.stage.programme
        bases = pack.bases(decisions.definition(pack, programme, kind), day)
        return decisions.propose(
            self.session,
            self.caseworker,
            case_id=case.id,
            programme=programme,
            kind=kind,
            outcome="granted" if granted else "refused",
            legal_basis=[bases[0].id],
            motivation=self.dice.choice(words.MOTIVATIONS if granted else words.REFUSALS),
            child_assessment=words.CHILD_ASSESSMENT if self.planned.household.children else "",
            on=day,
        )

    def decide(self, case: Case, proposal: Decision, day: date) -> None:
        """The manager's decision; made the same day when the law changes in between."""
        pack = pack_of(case)
        allowed = {
            basis.id
            for basis in pack.bases(
                decisions.definition(pack, proposal.programme, proposal.kind), day
            )
        }
        decisions.decide(
            self.session,
            self.manager,
            decision_id=proposal.id,
            expected_version=proposal.version,
            on=day if set(proposal.legal_basis) <= allowed else proposal.proposed_on,
        )

    def _decide(self, case: Case) -> None:
        stage, day = self.planned.stage, self.planned.day("proposed")
        proposal = self.propose(case, SUPPORT, day, granted=stage.entitled)
        if stage.then == "return_proposal":
            decisions.return_proposal(
                self.session,
                self.manager,
                decision_id=proposal.id,
                reason=self.dice.choice(words.RETURNED),
                expected_version=proposal.version,
                on=day + timedelta(days=2),
            )
        if self.planned.reaches("decided"):
            self.decide(case, proposal, self.planned.day("decided"))
        match stage.then:
            case "appeal":
                appeal(self, proposal)
            case "lose_in_court":
                self._close(case, tried(self, case, proposal, won=False) + timedelta(days=9))
            case "win_in_court":
                tried(self, case, proposal, won=True)
        if stage.then == "close":
            self._close(case, self.planned.day("decided") + timedelta(days=22))

    def _refer(self, case: Case) -> Referral:
        planned = self.planned
        content = words.referral(planned.household, self.given, self.dice)
        if planned.stage.last == "drafted":
            content = dict(list(content.items())[: self.dice.randrange(1, 5)])
        draft = referrals.draft(
            self.session,
            self.caseworker,
            case_id=case.id,
            programme=planned.stage.programme,
            content=content,
            on=planned.day("drafted"),
        )
        if planned.reaches("resident_signed"):
            self._sign(case, draft, content)
        if planned.reaches("submitted"):
            self._submit(draft)
        return draft

    def _sign(self, case: Case, draft: Referral, content: dict[str, Any]) -> None:
        day = self.planned.day("resident_signed")
        referrals.revise(
            self.session,
            self.caseworker,
            referral_id=draft.id,
            content=content,
            told_one_offer_on=day,
            expected_version=draft.version,
            on=day,
        )
        applicant = self.session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.role == "applicant",
            )
        ).one()
        signing.record_resident_signature(
            self.session,
            self.caseworker,
            referral_id=draft.id,
            person_id=applicant,
            signed_on=day,
            expected_version=draft.version,
        )

    def _submit(self, draft: Referral) -> None:
        signing.sign_as_manager(
            self.session,
            self.manager,
            referral_id=draft.id,
            signed_on=self.planned.day("manager_signed"),
            expected_version=draft.version,
        )
        day = self.planned.day("submitted")
        referrals.submit(
            self.session,
            self.caseworker,
            referral_id=draft.id,
            expected_version=draft.version,
            on=day,
        )
        if self.planned.stage.then == "return_referral":
            referrals.return_for_completion(
                self.session,
                self.staff.property_officer,
                referral_id=draft.id,
                request=self.dice.choice(words.COMPLETION),
                expected_version=draft.version,
                on=day + timedelta(days=3),
            )

    def _register(self, case: Case, referral: Referral) -> None:
        day = self.planned.day("registered")
        acting: dict[str, Any] = {"referral_id": referral.id}
        referrals.register(
            self.session,
            self.staff.property_officer,
            expected_version=referral.version,
            on=day,
            **acting,
        )
        if self.planned.stage.last == "registered" and not self.planned.stage.then:
            state_need(self, case)
        match self.planned.stage.then:
            case "extend":
                referrals.extend(
                    self.session,
                    self.caseworker,
                    content=dict(referral.content),
                    expected_version=referral.version,
                    on=day + timedelta(days=self.dice.randrange(330, 355)),
                    **acting,
                )
            case "expire":
                assert referral.valid_until is not None
                referrals.expire_due(
                    self.session,
                    Actor.system(self.session.tenant_id),
                    referral.valid_until + timedelta(days=1),
                )
            case "withdraw":
                ended = day + timedelta(days=self.dice.randrange(10, 28))
                referrals.withdraw(
                    self.session,
                    self.caseworker,
                    reason="Hushållet har fått ett eget hyreskontrakt.",
                    expected_version=referral.version,
                    on=ended,
                    **acting,
                )
                self._close(case, ended + timedelta(days=1))

    def _house(self, case: Case, referral: Referral) -> None:
        day = self.planned.day("offered")
        offer = offers.make(
            self.session,
            self.staff.property_officer,
            referral_id=referral.id,
            unit_id=self.vacant.pop(),
            on=day,
        )
        if self.planned.stage.then == "decline":
            self._decline(offer, day + timedelta(days=3))
        if self.planned.reaches("answered_offer"):
            offers.accept(
                self.session,
                self.caseworker,
                offer_id=offer.id,
                viewing_on=min(
                    self.planned.day("answered_offer") + timedelta(days=1),
                    self.planned.day("contracted"),
                ),
                expected_version=offer.version,
                on=self.planned.day("answered_offer"),
            )
        if self.planned.reaches("contracted"):
            move_in(self, offer)
        if self.planned.reaches("housing_proposed"):
            proposal = self.propose(case, HOUSING, self.planned.day("housing_proposed"))
            if self.planned.reaches("housing_decided"):
                self.decide(case, proposal, self.planned.day("housing_decided"))
                leave(self, case)
                follow_up(self, case)
                self._then(case)

    def _then(self, case: Case) -> None:
        """What became of the home, or nearly."""
        match self.planned.stage.then:
            case "claim":
                claim(self, case)
            case "pay":
                paid_back(self, case)
            case "avert":
                avert(self, case)
            case "come_back":
                come_back(self, case)

    def _decline(self, offer: Offer, day: date) -> None:
        code, reason = self.dice.choice(
            (
                ("wrong_size", "Lägenheten är för liten för hushållet."),
                ("unsuitable_area", "Ligger för nära den tidigare bostaden."),
            )
        )
        offers.decline(
            self.session,
            self.caseworker,
            offer_id=offer.id,
            code=code,
            reason=reason,
            expected_version=offer.version,
            on=day,
        )
        self.vacant.insert(0, offer.unit_id)

    def _close(self, case: Case, day: date) -> None:
        reason = "own_lease" if self.planned.stage.then == "withdraw" else "refused"
        closing.close(
            self.session,
            self.caseworker,
            case_id=case.id,
            reason=reason,
            expected_version=case.version,
            on=day,
        )
