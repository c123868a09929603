"""From which step a landlord (hyresvärd) knows the tenant's name, on which ground; and taking it back.

Until the guideline's step a household is an alias to the landlord. From the step on the name is told
with the household's recorded consent to just this landlord (OSL 10:1, 12:2), and where tenant and
landlord are each other's parties in a lease, by that lease. Anybody in the household who is protected,
or of whom nobody has checked it, keeps all of it an alias: when it becomes so, the database takes the
name away in the same transaction. Recipient, ground, source and step are kept with each (LF-10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import now, today
from hemvist.contracts.chain import ContractParty
from hemvist.contracts.models import Contract
from hemvist.dealings.models import Disclosure, NameConsent
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.protection import hold_still, is_protected
from hemvist.identity import Action, Actor
from hemvist.landlords.models import Landlord
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import LandlordOffer
from hemvist.policy.landlord import DEFAULT_STEP, NAME_STEPS
from hemvist.referrals.models import Referral
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

#: What the sealed name is bound to.
NAME_FIELD = "landlord_disclosures.sealed_name"
TOLD = "landlord_told_name"
#: Events after which a name may have become due.
DUE_AFTER = frozenset(
    {
        *("offer_accepted", "offer_accepted_by_household", "contract_signed"),
        *("takeover_requested", "lease_taken_over"),
    }
)
#: After which it may be due in every case of a person's household.
CHECKED = "protection_set"
#: The law's own source of the step where tenant and landlord have a lease with each other.
LAW = "JB 12 kap."
#: How it stands: shown; what it waits for; or why not.
STANDINGS = ("shown", "waits_for_step", "waits_for_consent", "protected", "withheld", "never")


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the name towards the landlord of one home, out of ``STANDINGS``."""

    code: str
    #: The guideline's step from which the landlord may know.
    name_from: str
    step: str | None = None
    ground: str | None = None
    source: str = ""


def disclose_due(
    session: TenantSession, actor: Actor, case: Case, *, again: bool = False
) -> list[Disclosure]:
    """Tell landlords the names that are due in the case; what was told is told no second time.

    A name that was withheld because of protection comes back only when a person says so (``again``).
    """
    homes = session.scalars(
        select(LandlordOffer).where(LandlordOffer.case_id == case.id).order_by(LandlordOffer.id)
    ).all()
    if not homes:
        return []
    # First the lock, then the question: a protection that comes meanwhile is seen here, or sees this.
    hold_still(session, case.household_id)
    told = []
    for home in homes:
        stands = standing(session, case, home, again=again)
        if stands.code == "due":
            told.append(_tell(session, actor, case, home, stands))
    return told


def standing(
    session: TenantSession, case: Case, home: LandlordOffer, *, again: bool = False
) -> Standing:
    """How it stands with one home: a code of ``STANDINGS``, or "due" where it is about to be told."""
    offer = session.find(Offer, home.offer_id)
    programme = pack_of(case).programme(session.find(Referral, offer.referral_id).programme)
    rules = programme.landlord
    start = DEFAULT_STEP if rules is None else rules.name_from
    source = LAW if rules is None else ", ".join(rules.cite)
    if start == "never":
        return Standing("never", start)
    if is_protected(session, case.household_id):
        return Standing("protected", start)
    rows = session.scalars(select(Disclosure).where(Disclosure.offer_id == offer.id)).all()
    if any(row.sealed_name is not None for row in rows):
        return Standing("shown", start)
    if not again and any(row.withheld == "protected" for row in rows):
        return Standing("withheld", start)
    answers = () if programme.offers is None else programme.offers.answers
    if offer.state != "accepted" or offer.home_free_on is not None:
        return Standing("waits_for_step", start)
    contract = _running(session, offer)
    if contract is None and "resident" in answers and offer.household_answer != "yes":
        # The department's yes alone is not the household's.
        return Standing("waits_for_step", start)
    if contract is not None and _between_them(contract, start):
        return Standing("due", start, "lease_signed", "party", source)
    reached = _reached(session, contract)
    if start == DEFAULT_STEP or NAME_STEPS.index(reached) < NAME_STEPS.index(start):
        return Standing("waits_for_step", start)
    term = None if rules is None else rules.consent_term
    if not _consents(session, case, home.landlord_id, contract, term):
        return Standing("waits_for_consent", start)
    return Standing("due", start, start, "consent", source)


def cases_concerned(session: TenantSession, payload: Mapping[str, Any]) -> Sequence[Case]:
    """The cases in which an event of ``DUE_AFTER`` or ``CHECKED`` may have made a name due."""
    if "case_id" in payload:
        return [session.find(Case, UUID(payload["case_id"]))]
    return session.scalars(
        select(Case)
        .where(
            Case.state == "open",
            Case.household_id.in_(
                select(HouseholdMember.household_id).where(
                    HouseholdMember.tenant_id == session.tenant_id,
                    HouseholdMember.person_id == UUID(payload["person_id"]),
                )
            ),
        )
        .order_by(Case.id)
    ).all()


def take_back(session: TenantSession, case: Case, landlord_id: UUID) -> None:
    """Show no more what was told this landlord by a consent that is withdrawn."""
    rows = session.scalars(
        select(Disclosure).where(
            Disclosure.case_id == case.id,
            Disclosure.landlord_id == landlord_id,
            Disclosure.ground == "consent",
            Disclosure.sealed_name.is_not(None),
        )
    )
    for row in rows:
        row.sealed_name, row.withheld = None, "consent_withdrawn"
    session.flush()


def opened_name(tenant_id: UUID, sealed: bytes) -> str:
    """The name in clear, for who may see the row that it stands in."""
    return tenant_keys(tenant_id).open(NAME_FIELD, sealed)


def _running(session: TenantSession, offer: Offer) -> Contract | None:
    return session.scalars(
        select(Contract)
        .where(Contract.offer_id == offer.id, Contract.state == "signed")
        .order_by(Contract.signed_on.desc(), Contract.id.desc())
        .limit(1)
    ).first()


def _between_them(contract: Contract, start: str) -> bool:
    """Whether landlord and tenant have a lease with each other by which they know each other. In a
    lease of three parties the guideline's own step goes before, where it has one."""
    if contract.kind == "first_hand":
        return True
    return contract.kind == "three_party" and start == DEFAULT_STEP


def _reached(session: TenantSession, contract: Contract | None) -> str:
    if contract is None:
        return "offer_accepted"
    asked = session.scalar(
        select(Takeover.requested_on).where(
            Takeover.contract_id == contract.id,
            Takeover.state.in_(("asked", "agreed", "tribunal")),
        )
    )
    return "contract_signed" if asked is None else "takeover_asked"


def _consents(
    session: TenantSession,
    case: Case,
    landlord_id: UUID,
    contract: Contract | None,
    term: str | None,
) -> bool:
    rows = session.scalars(
        select(NameConsent).where(
            NameConsent.case_id == case.id, NameConsent.landlord_id == landlord_id
        )
    ).all()
    if any(row.withdrawn_on is None for row in rows):
        return True
    if contract is None or term is None or contract.terms.get(term) is not True:
        return False
    # What was withdrawn after the signing is withdrawn, whatever the contract says.
    return not any(row.withdrawn_on and row.withdrawn_on >= contract.signed_on for row in rows)


def _tell(
    session: TenantSession, actor: Actor, case: Case, home: LandlordOffer, stands: Standing
) -> Disclosure:
    landlord = session.get(Landlord, home.landlord_id)
    assert landlord is not None and stands.step is not None and stands.ground is not None
    name = ", ".join(_names(session, case, home.offer_id))
    row = session.save(
        Disclosure(
            case_id=case.id,
            household_id=case.household_id,
            offer_id=home.offer_id,
            landlord_id=landlord.id,
            recipient=landlord.name,
            step=stands.step,
            ground=stands.ground,
            source=stands.source,
            sealed_name=tenant_keys(session.tenant_id).seal(NAME_FIELD, name),
            withheld=None,
            disclosed_on=today(),
            disclosed_at=now(),
            disclosed_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        TOLD,
        today(),
        action=Action.NAME_TELL,
        subject_type="offer",
        subject_id=home.offer_id,
        data={"ground": stands.ground, "step": stands.step, "fields": ["name"]},
    )
    session.flush()
    return row


def _names(session: TenantSession, case: Case, offer_id: UUID) -> Sequence[str]:
    """Who stands in the contract; before there is one, the applicant and whoever applies with them."""
    ids: Sequence[UUID | None] = session.scalars(
        select(ContractParty.person_id)
        .join(
            Contract,
            (Contract.tenant_id == ContractParty.tenant_id)
            & (Contract.id == ContractParty.contract_id),
        )
        .where(Contract.offer_id == offer_id, ContractParty.person_id.is_not(None))
    ).all()
    if not ids:
        ids = session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.until.is_(None),
                HouseholdMember.role.in_(("applicant", "partner")),
            )
        ).all()
    rows = session.scalars(select(Person).where(Person.id.in_(set(ids)))).all()
    return [person.name for person in sorted(rows, key=lambda one: (one.birth_date, one.id))]
