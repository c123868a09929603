"""Consents (samtycken): given, with their scope, and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.households.models import HouseholdMember
from hemvist.identity import Action, Actor
from hemvist.secrecy.models import FIELDS, GIVEN, RECIPIENTS, Consent
from hemvist.tenancy import TenantSession

MAX_RECIPIENT = 200


def give(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    person_id: UUID,
    recipient_kind: str,
    recipient: str,
    scope: Sequence[str],
    given: str,
    given_on: date | None = None,
    until: date | None = None,
) -> Consent:
    """Register that somebody of the household consents to what is told to whom.

    Raises ``NotFound`` (case, person), ``NotAllowed``, ``ValidationFailed`` with every problem.
    """
    case = case_for(session, actor, case_id, Action.CONSENT_REGISTER)
    member = session.scalar(
        select(HouseholdMember.id).where(
            HouseholdMember.household_id == case.household_id,
            HouseholdMember.person_id == person_id,
        )
    )
    if member is None:
        raise NotFound("Person")
    problems = told_problems(recipient_kind, recipient, scope, "scope")
    if given not in GIVEN:
        problems.append(Problem("given", "unknown_choice", "unknown way", {"allowed": GIVEN}))
    if problems:
        raise ValidationFailed(problems)
    day = effective_day(given_on, field="givenOn")
    if until is not None and until < day:
        raise ValidationFailed.one("until", "too_early", f"may not lie before {day}")
    assert actor.principal_id is not None
    consent = session.save(
        Consent(
            case_id=case.id,
            person_id=person_id,
            recipient_kind=recipient_kind,
            recipient=recipient.strip(),
            scope=sorted(set(scope)),
            given=given,
            given_on=day,
            until=until,
            registered_by=actor.principal_id,
        )
    )
    _record(session, actor, case, consent, "consent_given", day)
    return consent


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    consent_id: UUID,
    how: str,
    on: date | None = None,
    expected_version: int,
) -> Consent:
    """The person takes the consent back; nothing rests on it from that day on.

    Raises ``NotFound``, ``NotAllowed``, ``ValidationFailed``, ``Conflict`` when it is withdrawn.
    """
    consent, case = open_matter(session, actor, Consent, consent_id, Action.CONSENT_REGISTER)
    if how not in GIVEN:
        raise ValidationFailed.one("how", "unknown_choice", "unknown way", allowed=GIVEN)
    day = effective_day(on, not_before=consent.given_on)
    session.change(consent, expected_version)
    if consent.withdrawn_on is not None:
        raise Conflict("already_withdrawn", "the consent has been withdrawn")
    consent.withdrawn_on, consent.withdrawn_how = day, how
    session.flush()
    _record(session, actor, case, consent, "consent_withdrawn", day)
    return consent


def holds(consent: Consent, on: date) -> bool:
    """Whether the consent is good for a day. One that has been withdrawn is good for none to come."""
    if consent.withdrawn_on is not None and (on >= consent.withdrawn_on or on >= today()):
        return False
    return consent.given_on <= on and (consent.until is None or on <= consent.until)


def told_problems(
    recipient_kind: str, recipient: str, fields: Sequence[str], name: str
) -> list[Problem]:
    """Problems of what is to be told, and to whom."""
    problems = required_text("recipient", recipient, MAX_RECIPIENT)
    if recipient_kind not in RECIPIENTS:
        problems.append(
            Problem("recipientKind", "unknown_choice", "unknown kind", {"allowed": RECIPIENTS})
        )
    if not fields:
        problems.append(Problem(name, "required", "must be filled in"))
    elif set(fields) - set(FIELDS):
        problems.append(Problem(name, "unknown_choice", "unknown fields", {"allowed": FIELDS}))
    return problems


def _record(
    session: TenantSession, actor: Actor, case: Case, consent: Consent, kind: str, on: date
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.CONSENT_REGISTER,
        subject_type="secrecy_consent",
        subject_id=consent.id,
        data={"scope": consent.scope},
    )
