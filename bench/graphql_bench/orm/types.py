"""The peer's types: columns by Strawberry's own default resolver, relations by loaders."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from hemvist.assessments.models import Assessment as AssessmentRow
from hemvist.cases.models import Case as CaseRow
from hemvist.cases.models import CaseDisclosure as DisclosureRow
from hemvist.cases.models import CaseEvent as EventRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.follow_ups.models import FollowUp as FollowUpRow
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.households.models import MEMBER_ROLES
from hemvist.households.models import Household as HouseholdRow
from hemvist.households.models import HouseholdMember as MemberRow
from hemvist.households.models import Person as PersonRow
from hemvist.identity.models import Principal as PrincipalRow
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.milestones.models import Milestone as MilestoneRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.referrals.models import ReferralSignature as SignatureRow
from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist.units.models import Unit as UnitRow

Info = strawberry.Info[Any, None]


def _one(model: Any, key: str) -> Any:
    async def resolve(root: Any, info: Info) -> Any:
        return await info.context["rows"].one(model, getattr(root, key))

    return resolve


def _many(column: Any, *order: Any) -> Any:
    async def resolve(root: Any, info: Info) -> Any:
        return await info.context["rows"].many(column, root.id, *order)

    return resolve


def to_one(target: str, model: Any, key: str) -> Any:
    """A row pointed at."""
    resolve = _one(model, key)
    resolve.__annotations__["return"] = f"{target} | None"
    return strawberry.field(resolver=resolve)


def to_many(target: str, column: Any, *order: Any) -> Any:
    """Rows pointing here."""
    resolve = _many(column, *order)
    resolve.__annotations__["return"] = f"list[{target}]"
    return strawberry.field(resolver=resolve)


@strawberry.type
class Principal:
    """Somebody who acts."""

    name: str = strawberry.field(resolver=lambda root: root.display_name, graphql_type=str)


@strawberry.type
class Landlord:
    """Who lets homes."""

    name: str


@strawberry.type
class Unit:
    """A home."""

    id: UUID
    street_address: str
    apartment_number: str
    area: str
    rent_ore: int
    landlord: Landlord | None = to_one("Landlord", LandlordRow, "landlord_id")


@strawberry.type
class Person:
    """A person."""

    id: UUID
    given_name: str
    family_name: str
    number_kind: str
    birth_date: dt.date
    registered_kommun: str | None
    protection: str
    protection_source: str | None
    protection_checked_on: dt.date | None
    version: int

    @strawberry.field
    def is_protected(root: Any) -> bool:
        """Whether protected."""
        return bool(root.protection != "none")


@strawberry.type
class Member:
    """A person in a household."""

    role: str
    since: dt.date
    until: dt.date | None
    person: Person | None = to_one("Person", PersonRow, "person_id")


@strawberry.type
class Household:
    """A household."""

    id: UUID
    alias: str
    department: str
    registered_on: dt.date
    version: int
    cases: list[Case] = to_many(
        "Case", CaseRow.household_id, CaseRow.opened_on.desc(), CaseRow.id.desc()
    )

    @strawberry.field
    async def members(root: Any, info: Info) -> list[Member]:
        """Its members, the applicant first."""
        rows = await info.context["rows"].many(MemberRow.household_id, root.id, MemberRow.id)
        return sorted(rows, key=lambda row: MEMBER_ROLES.index(row.role))

    @strawberry.field
    async def anyone_protected(root: Any, info: Info) -> bool:
        """Whether one of them is protected."""
        rows = await info.context["rows"].many(MemberRow.household_id, root.id, MemberRow.id)
        persons = [
            await info.context["rows"].one(PersonRow, row.person_id)
            for row in rows
            if row.until is None
        ]
        return any(person.protection != "none" for person in persons)


@strawberry.type
class Signature:
    """A signature."""

    kind: str
    signed_on: dt.date


@strawberry.type
class Offer:
    """An offer."""

    id: UUID
    case: Case | None = to_one("Case", CaseRow, "case_id")
    state: str
    made_on: dt.date
    answer_by: dt.date
    answered_on: dt.date | None
    unit: Unit | None = to_one("Unit", UnitRow, "unit_id")


@strawberry.type
class Referral:
    """A referral."""

    id: UUID
    case: Case | None = to_one("Case", CaseRow, "case_id")
    state: str
    programme: str
    drafted_on: dt.date
    submitted_on: dt.date | None
    registered_on: dt.date | None
    valid_until: dt.date | None
    signatures: list[Signature] = to_many(
        "Signature", SignatureRow.referral_id, SignatureRow.recorded_at, SignatureRow.id
    )
    offers: list[Offer] = to_many("Offer", OfferRow.referral_id, OfferRow.made_on, OfferRow.id)


@strawberry.type
class Decision:
    """A decision."""

    id: UUID
    kind: str
    outcome: str
    state: str
    programme: str
    motivation: str
    valid_from: dt.date
    valid_until: dt.date | None
    proposed_on: dt.date
    decided_on: dt.date | None
    decided_by: Principal | None = to_one("Principal", PrincipalRow, "decided_by")


@strawberry.type
class Contract:
    """A contract."""

    id: UUID
    form: str
    kind: str
    state: str
    signed_on: dt.date
    starts_on: dt.date
    ends_on: dt.date | None
    rent_ore: int
    unit: Unit | None = to_one("Unit", UnitRow, "unit_id")


@strawberry.type
class Guarantee:
    """A guarantee."""

    id: UUID
    state: str
    months: int
    starts_on: dt.date
    ends_on: dt.date


@strawberry.type
class Obligation:
    """A duty with a day."""

    id: UUID
    case: Case | None = to_one("Case", CaseRow, "case_id")
    code: str
    label: JSON
    agenda: JSON
    ordinal: int
    due_on: dt.date
    by: list[str]
    departments: list[str]
    cite: str
    state: str
    done_on: dt.date | None
    creates: str | None

    @strawberry.field
    async def follow_up(root: Any, info: Info) -> FollowUp | None:
        """What carried it out."""
        rows = await info.context["rows"].many(FollowUpRow.obligation_id, root.id, FollowUpRow.id)
        return rows[0] if rows else None


@strawberry.type
class FollowUp:
    """A follow-up."""

    id: UUID
    held_on: dt.date
    departments: list[str]
    resident_took_part: bool
    in_the_home: bool
    agenda_done: list[str]
    notes: str
    recorded_by: Principal | None = to_one("Principal", PrincipalRow, "recorded_by")
    obligation: Obligation | None = to_one("Obligation", ObligationRow, "obligation_id")


@strawberry.type
class Plan:
    """A support plan."""

    id: UUID
    kind: str
    state: str
    agreed_on: dt.date
    content: JSON
    agreed_by: Principal | None = to_one("Principal", PrincipalRow, "agreed_by")


@strawberry.type
class Assessment:
    """An assessment."""

    id: UUID
    rule: str
    outcome: str
    conclusion: bool
    reason: str
    evaluated_on: dt.date
    concluded_at: dt.datetime
    concluded_by: Principal | None = to_one("Principal", PrincipalRow, "concluded_by")


@strawberry.type
class Milestone:
    """An event of a programme."""

    id: UUID
    code: str
    happened_on: dt.date
    parties: list[str]
    notes: str
    legal_findings: JSON


@strawberry.type
class Disclosure:
    """A disclosure."""

    department: str
    ground: str
    fields: list[str]
    disclosed_on: dt.date
    ended_on: dt.date | None


@strawberry.type
class Event:
    """A line of the timeline."""

    id: UUID
    kind: str
    occurred_on: dt.date
    recorded_at: dt.datetime
    actor_name: str
    subject_type: str
    subject_id: UUID
    data: JSON


@strawberry.type
class Case:
    """A case."""

    id: UUID
    number: str
    state: str
    department: str
    pack: str
    pack_version: str
    programme: str | None
    opened_on: dt.date
    closed_on: dt.date | None
    version: int
    household: Household | None = to_one("Household", HouseholdRow, "household_id")
    handler: Principal | None = to_one("Principal", PrincipalRow, "handler_id")
    assessments: list[Assessment] = to_many(
        "Assessment",
        AssessmentRow.case_id,
        AssessmentRow.concluded_at.desc(),
        AssessmentRow.id.desc(),
    )
    referrals: list[Referral] = to_many(
        "Referral", ReferralRow.case_id, ReferralRow.drafted_on, ReferralRow.id
    )
    decisions: list[Decision] = to_many(
        "Decision", DecisionRow.case_id, DecisionRow.proposed_on, DecisionRow.id
    )
    offers: list[Offer] = to_many("Offer", OfferRow.case_id, OfferRow.made_on, OfferRow.id)
    contracts: list[Contract] = to_many(
        "Contract", ContractRow.case_id, ContractRow.signed_on, ContractRow.id
    )
    guarantees: list[Guarantee] = to_many(
        "Guarantee", GuaranteeRow.case_id, GuaranteeRow.issued_on, GuaranteeRow.id
    )
    follow_ups: list[FollowUp] = to_many(
        "FollowUp", FollowUpRow.case_id, FollowUpRow.held_on, FollowUpRow.id
    )
    plans: list[Plan] = to_many(
        "Plan", PlanRow.case_id, PlanRow.agreed_on.desc(), PlanRow.id.desc()
    )
    milestones: list[Milestone] = to_many(
        "Milestone", MilestoneRow.case_id, MilestoneRow.happened_on, MilestoneRow.id
    )
    disclosures: list[Disclosure] = to_many(
        "Disclosure", DisclosureRow.case_id, DisclosureRow.disclosed_on, DisclosureRow.id
    )
    timeline: list[Event] = to_many(
        "Event", EventRow.case_id, EventRow.occurred_on, EventRow.recorded_at, EventRow.id
    )

    @strawberry.field
    async def obligations(root: Any, info: Info, state: str | None = None) -> list[Obligation]:
        """What must be done."""
        where = None if state is None else ObligationRow.state == state
        order = (ObligationRow.due_on, ObligationRow.code, ObligationRow.id)
        rows = info.context["rows"]
        return await rows.many(ObligationRow.case_id, root.id, *order, where=where)  # type: ignore[no-any-return]
