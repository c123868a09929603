"""What is told over a secrecy border: never without a ground, never by consent without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, required_text
from hemvist.cases.journal import record
from hemvist.clock import now
from hemvist.errors import NotFound, PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.secrecy.consents import MAX_RECIPIENT, holds, told_problems
from hemvist.secrecy.models import BY_CONSENT, GROUNDS, Consent, SecrecyDisclosure
from hemvist.tenancy import TenantSession

MAX_PURPOSE = 2_000
__all__ = ["MAX_RECIPIENT", "disclose"]


def disclose(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    ground: str,
    recipient_kind: str,
    recipient: str,
    fields: Sequence[str],
    consent_id: UUID | None = None,
    purpose: str | None = None,
    on: date | None = None,
) -> SecrecyDisclosure:
    """Write down that something of the case is told: on which ground, what, and to whom.

    A ground of consent needs one that holds on the day, is for this recipient and covers every
    field; every other needs its purpose. Raises ``NotFound`` (case, consent), ``NotAllowed``,
    ``ValidationFailed``, ``PolicyRefused`` where the consent is missing or does not reach.

    Source: OSL 10:1, 10:2, 10:28, 12:2, 26:1.
    """
    case = case_for(session, actor, case_id, Action.SECRECY_DISCLOSE)
    consent = None if consent_id is None else session.find(Consent, consent_id)
    if consent is not None and consent.case_id != case.id:
        raise NotFound("Consent")
    problems = told_problems(recipient_kind, recipient, fields, "fields")
    if ground not in GROUNDS:
        problems.append(
            Problem("ground", "unknown_choice", "no ground", {"allowed": sorted(GROUNDS)})
        )
    by_consent = ground in BY_CONSENT
    if not by_consent:
        problems += required_text("purpose", purpose, MAX_PURPOSE)
        if consent is not None:
            problems.append(
                Problem("secrecyConsentId", "no_consent_asked", "this ground rests on no consent")
            )
    elif purpose:
        problems += required_text("purpose", purpose, MAX_PURPOSE)
    if problems:
        raise ValidationFailed(problems)
    day = effective_day(on)
    if by_consent:
        if consent is not None:
            # Whoever withdraws it in this moment comes before or after.
            session.lock(consent)
        _require_consent(consent, recipient_kind, recipient.strip(), fields, day)
    assert actor.principal_id is not None
    row = session.save(
        SecrecyDisclosure(
            case_id=case.id,
            ground=ground,
            cite=GROUNDS[ground],
            recipient_kind=recipient_kind,
            recipient=recipient.strip(),
            fields=sorted(set(fields)),
            consent_id=None if consent is None else consent.id,
            purpose=(purpose or "").strip() or None,
            disclosed_on=day,
            recorded_at=now(),
            disclosed_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "disclosed",
        day,
        action=Action.SECRECY_DISCLOSE,
        subject_type="secrecy_disclosure",
        subject_id=row.id,
        data={"ground": ground, "fields": row.fields},
    )
    return row


def _require_consent(
    consent: Consent | None, recipient_kind: str, recipient: str, fields: Sequence[str], on: date
) -> None:
    cite = GROUNDS["consent"]
    if consent is None:
        raise PolicyRefused("consent_needed", "there is no consent", cite=cite)
    if not holds(consent, on):
        raise PolicyRefused("consent_over", "the consent does not hold on that day", cite=cite)
    if (consent.recipient_kind, consent.recipient) != (recipient_kind, recipient):
        raise PolicyRefused("consent_for_another", "the consent is for somebody else", cite=cite)
    if set(fields) - set(consent.scope):
        raise PolicyRefused("consent_too_narrow", "the consent does not cover all of it", cite=cite)
