"""The two signatures on a referral: the resident's and, by another person, the manager's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import now
from hemvist.errors import Conflict, NotAllowed, PolicyRefused, ValidationFailed
from hemvist.households.models import HouseholdMember
from hemvist.identity import Action, Actor
from hemvist.policy.programmes import Referral as ReferralRules
from hemvist.referrals.contents import missing, missing_before_signing
from hemvist.referrals.models import Referral, ReferralSignature
from hemvist.referrals.steps import record_on, refuse_missing, require_state
from hemvist.tenancy import TenantSession


def signatures_of(session: TenantSession, referral: Referral) -> list[ReferralSignature]:
    """The signatures on the referral's present content."""
    return list(
        session.scalars(
            select(ReferralSignature)
            .where(ReferralSignature.referral_id == referral.id)
            .order_by(ReferralSignature.recorded_at)
        )
    )


def record_resident_signature(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    person_id: UUID,
    signed_on: date | None = None,
    expected_version: int,
) -> Referral:
    """Register that the resident has approved the content and signed it.

    ``person_id`` is a member of the household. Raises ``PolicyRefused`` with the missing items when
    the content is not whole; ``ValidationFailed``; ``Conflict`` when it is signed already.
    """
    action = Action.REFERRAL_RECORD_RESIDENT_SIGNATURE
    referral, case = open_matter(session, actor, Referral, referral_id, action)
    day = effective_day(signed_on, field="signedOn", not_before=referral.drafted_on)
    member = session.scalar(
        select(HouseholdMember.role).where(
            HouseholdMember.household_id == case.household_id,
            HouseholdMember.person_id == person_id,
            or_(HouseholdMember.until.is_(None), HouseholdMember.until > day),
        )
    )
    if member is None:
        raise ValidationFailed.one("personId", "not_in_household", "not a member of the household")
    session.change(referral, expected_version)
    _sign(session, case, referral, "resident", day, person_id=person_id, recorded_by=actor)
    record_on(session, actor, case, referral, "referral_signed_by_resident", day, action)
    return referral


def sign_as_manager(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    signed_on: date | None = None,
    expected_version: int,
) -> Referral:
    """Sign as the nearest manager, having gone through it. Not the one who wrote it.

    Raises as ``record_resident_signature``, and ``NotAllowed`` for whoever wrote in the referral or
    registered the resident's signature: nobody signs twice.
    """
    action = Action.REFERRAL_SIGN_AS_MANAGER
    referral, case = open_matter(session, actor, Referral, referral_id, action)
    if actor.principal_id in _prepared_by(session, referral):
        raise NotAllowed(action.value, "nobody approves what they prepared themselves")
    day = effective_day(signed_on, field="signedOn", not_before=referral.drafted_on)
    session.change(referral, expected_version)
    _sign(session, case, referral, "manager", day, person_id=None, recorded_by=actor)
    record_on(session, actor, case, referral, "referral_signed_by_manager", day, action)
    return referral


def require_signatures(session: TenantSession, referral: Referral, rules: ReferralRules) -> None:
    """Raises ``PolicyRefused`` with the signatures that the guideline asks for and are wanting."""
    present = {signature.kind for signature in signatures_of(session, referral)}
    wanting = [signature for signature in rules.signatures if signature.by not in present]
    if wanting:
        raise PolicyRefused(
            "signature_missing",
            "a signature is missing",
            cite=", ".join(wanting[0].cite),
            items=[{"id": one.by, "label": one.label.as_json()} for one in wanting],
        )


def _prepared_by(session: TenantSession, referral: Referral) -> set[UUID | None]:
    """Everybody who wrote in the referral or registered the resident's signature on it."""
    wrote = select(CaseEvent.principal_id).where(
        CaseEvent.case_id == referral.case_id,
        CaseEvent.subject_id == referral.id,
        CaseEvent.kind.in_(("referral_drafted", "referral_revised", "referral_signed_by_resident")),
    )
    return {referral.drafted_by, *session.scalars(wrote)}


def _sign(
    session: TenantSession,
    case: Case,
    referral: Referral,
    kind: str,
    day: date,
    *,
    person_id: UUID | None,
    recorded_by: Actor,
) -> None:
    require_state(referral, "draft")
    if any(signature.kind == kind for signature in signatures_of(session, referral)):
        raise Conflict("signed_already", "this signature is there already", kind=kind)
    refuse_missing(missing_before_signing(missing(session, case, referral, day)))
    session.save(
        ReferralSignature(
            referral_id=referral.id,
            kind=kind,
            person_id=person_id,
            principal_id=recorded_by.principal_id if kind == "manager" else None,
            recorded_by=recorded_by.principal_id,
            signed_on=day,
            recorded_at=now(),
        )
    )
