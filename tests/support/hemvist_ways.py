"""The way of a case through the services, each step by the person who takes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hemvist.assessments import service as assessments
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.guarantees import service as guarantees
from hemvist.households import service as households
from hemvist.households.models import Household, HouseholdMember
from hemvist.households.service import NewMember
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.units import service as units
from hemvist.units.models import Unit
from hemvist_kommun import Kommun, caseworker_of, manager_of
from hemvist_made_up import adult, serial
from hemvist_told import answers, content

MUNICIPAL = "municipal_contract"
GUARANTEE = "rent_guarantee"
SUPPORT = "support_to_obtain_housing"
HOUSING = "housing"
#: Legal basis in force now, and the one it replaced on 2025-07-01.
BASIS = "sol_2025_11_1"
OLD_BASIS = "sol_2001_4_1"
ORGANISATION_NUMBER = "5590000005"


class Ways(Kommun):
    """A kommun in which a case can be brought to the point that a test is about."""

    def household(self, *members: NewMember, department: str = "SOF-VUX", **more: Any) -> Household:
        """Registered by the department's caseworker; a lone adult unless told."""
        more.setdefault("registered_on", today() - timedelta(days=300))
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(department),
            households.register,
            department=department,
            members=members or (adult(),),
            **more,
        )

    def case(
        self,
        *members: NewMember,
        department: str = "SOF-VUX",
        days_ago: int = 200,
        **changes: Any,
    ) -> Case:
        """Opened ``days_ago`` and answered so that the household is entitled; None: no answers."""
        household = self.household(*members, department=department)
        case = self.act(
            caseworker_of(department),
            cases.open_case,
            household_id=household.id,
            department=department,
            opened_on=today() - timedelta(days=days_ago),
        )
        children = any(member.role == "child" for member in members)
        self.act(
            caseworker_of(department),
            assessments.answer_all,
            case_id=case.id,
            answers=answers(department, children=children, **changes),
        )
        return case  # type: ignore[no-any-return]

    def propose(self, case: Case, kind: str = SUPPORT, **changes: Any) -> Decision:
        """The caseworker's proposal, granted on the basis in force, 150 days ago unless told."""
        values: dict[str, Any] = {
            "programme": MUNICIPAL,
            "kind": kind,
            "outcome": "granted",
            "legal_basis": [BASIS],
            "motivation": "Behovet kan inte tillgodoses på annat sätt.",
            "on": today() - timedelta(days=150),
        }
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department), decisions.propose, case_id=case.id, **(values | changes)
        )

    def grant(self, case: Case, kind: str = SUPPORT, **changes: Any) -> Decision:
        """Proposed and, the same day, decided by the manager."""
        proposal = self.propose(case, kind, **changes)
        return self.act(  # type: ignore[no-any-return]
            manager_of(case.department),
            decisions.decide,
            decision_id=proposal.id,
            expected_version=proposal.version,
            on=proposal.proposed_on,
        )

    def grant_together(self, case: Case, kinds: Sequence[str], **changes: Any) -> list[Decision]:
        """Proposed in one act and, the same day, decided in one by the manager."""
        values: dict[str, Any] = {
            "programme": MUNICIPAL,
            "legal_basis": [BASIS],
            "motivation": "Behovet kan inte tillgodoses på annat sätt.",
            "on": today() - timedelta(days=150),
        } | changes
        outer = {name: values.pop(name) for name in ("programme", "on")}
        proposals = self.act(
            caseworker_of(case.department),
            decisions.propose_together,
            case_id=case.id,
            parts=[{**values, "kind": kind, "outcome": "granted"} for kind in kinds],
            **outer,
        )
        self.act(
            manager_of(case.department),
            decisions.decide,
            decision_id=proposals[0].id,
            expected_version=self.again(proposals[0]).version,
            on=outer["on"],
        )
        return [self.again(one) for one in proposals]

    def draft(self, case: Case, programme: str = MUNICIPAL, **changes: Any) -> Referral:
        """A draft with whole content, drafted 140 days ago, the resident told of the one offer."""
        day = today() - timedelta(days=140)
        draft = self.act(
            caseworker_of(case.department),
            referrals.draft,
            case_id=case.id,
            programme=programme,
            on=day,
        )
        values: dict[str, Any] = {"content": content(), "told_one_offer_on": day}
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            referrals.revise,
            referral_id=draft.id,
            expected_version=draft.version,
            **(values | changes),
        )

    def sign(self, referral: Referral, case: Case) -> Referral:
        """Signed by the applicant and by the manager, on the day it was drafted."""
        applicant = self.applicant(case)
        signed = self.act(
            caseworker_of(case.department),
            signing.record_resident_signature,
            referral_id=referral.id,
            person_id=applicant,
            signed_on=referral.drafted_on,
            expected_version=referral.version,
        )
        return self.act(  # type: ignore[no-any-return]
            manager_of(case.department),
            signing.sign_as_manager,
            referral_id=referral.id,
            signed_on=referral.drafted_on,
            expected_version=signed.version,
        )

    def submitted(self, case: Case, programme: str = MUNICIPAL, **changes: Any) -> Referral:
        """Granted, drafted, signed and submitted 130 days ago."""
        self.grant(case, programme=programme)
        referral = self.sign(self.draft(case, programme, **changes), case)
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            referrals.submit,
            referral_id=referral.id,
            expected_version=referral.version,
            on=today() - timedelta(days=130),
        )

    def registered(
        self, case: Case, programme: str = MUNICIPAL, days_ago: int = 120, **changes: Any
    ) -> Referral:
        """Submitted, and registered by the property office."""
        referral = self.submitted(case, programme, **changes)
        return self.act(  # type: ignore[no-any-return]
            "property",
            referrals.register,
            referral_id=referral.id,
            expected_version=referral.version,
            on=today() - timedelta(days=days_ago),
        )

    def unit(self, **changes: Any) -> Unit:
        """A vacant flat at an address of its own."""
        position = next(serial)
        values: dict[str, Any] = {
            "landlord_organisation_number": ORGANISATION_NUMBER,
            "landlord_name": "Testvärden AB",
            "property_designation": f"Provet {position}",
            "street_address": f"Provgatan {position}",
            "postal_code": "25220",
            "city": "Helsingborg",
            "area": "Prov",
            "apartment_number": "1101",
            "source": "rented_in",
            "rooms": 1,
            "size_m2": 34.5,
            "rent_ore": 550_000,
            "floor": 1,
            "lift": False,
            "step_free": False,
            "adapted": False,
            "available_from": today() - timedelta(days=30),
        }
        return self.act("property", units.register, **(values | changes))  # type: ignore[no-any-return]

    def offer(self, referral: Referral, unit: Unit | None = None, **changes: Any) -> Offer:
        """Made by the property office 100 days ago."""
        values: dict[str, Any] = {
            "unit_id": (unit or self.unit()).id,
            "on": today() - timedelta(days=100),
        }
        return self.act(  # type: ignore[no-any-return]
            "property", offers.make, referral_id=referral.id, **(values | changes)
        )

    def accepted(self, case: Case, referral: Referral) -> Offer:
        """Made, and accepted by the department 95 days ago."""
        offer = self.offer(referral)
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            offers.accept,
            offer_id=offer.id,
            expected_version=offer.version,
            on=today() - timedelta(days=95),
        )

    def contract(self, offer: Offer, **changes: Any) -> Contract:
        """Signed 90 days ago, beginning 85 days ago."""
        day = today() - timedelta(days=90)
        values: dict[str, Any] = {
            "signed_on": day,
            "starts_on": day + timedelta(days=5),
            "told_of_link_on": day,
        }
        return self.act(  # type: ignore[no-any-return]
            "property", guarantees.sign_contract, offer_id=offer.id, **(values | changes)
        )

    def housed(self, case: Case, **changes: Any) -> Decision:
        """The whole way in the programme of a municipal contract; the decision on the housing."""
        self.contract(self.accepted(case, self.registered(case, **changes)))
        return self.grant(case, HOUSING, on=today() - timedelta(days=88), **changes)

    def applicant(self, case: Case) -> UUID:
        """The person who applies."""
        member = self.rows(HouseholdMember, household_id=case.household_id, role="applicant")[0]
        person: UUID = member.person_id
        return person
