"""A referral's life: drafted, submitted, returned or registered, extended, ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hemvist.cases import service as cases
from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.journal import happened
from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.decisions.service import in_force
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.policy import Programme, add_months
from hemvist.policy.programmes import Referral as ReferralRules
from hemvist.referrals.contents import (
    check_content,
    decision_content,
    missing,
)
from hemvist.referrals.models import IN_FORCE, TRANSITIONS, Referral, ReferralSignature
from hemvist.referrals.signing import require_signatures, signatures_of
from hemvist.referrals.steps import record_on, refuse_missing, require_state
from hemvist.tenancy import TenantSession

#: The resident approves the content by signing: consent is the way through secrecy.
DISCLOSURE_GROUND = "OSL 10:1 (samtycke)"


def rules_of(programme: Programme) -> ReferralRules:
    """What the pack says of the programme's referral. Raises ``ValidationFailed``."""
    if programme.referral is None:
        raise ValidationFailed.one("programme", "no_referral", "the programme has no referral")
    return programme.referral


def draft(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    programme: str,
    content: Mapping[str, Any] | None = None,
    on: date | None = None,
) -> Referral:
    """Begin a referral for a programme of the case's pack; the case goes on in that programme.

    Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``, and ``Conflict`` while another
    referral of the case is under way or in force.
    """
    case = case_for(session, actor, case_id, Action.REFERRAL_DRAFT)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    pack = pack_of(case)
    if programme not in pack.programmes:
        raise ValidationFailed.one("programme", "unknown_choice", "the pack has no such programme")
    checked = check_content(pack.programme(programme), content or {})
    # Two may begin one at once: the case's row is the lock.
    session.lock(case)
    _refuse_second(session, case)
    cases.choose_programme(session, case, programme)
    referral = session.save(
        Referral(
            case_id=case.id,
            programme=programme,
            content=checked,
            drafted_by=actor.principal_id,
            drafted_on=day,
        )
    )
    record_on(session, actor, case, referral, "referral_drafted", day, Action.REFERRAL_DRAFT)
    return referral


def revise(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    content: Mapping[str, Any],
    told_one_offer_on: date | None = None,
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Write the draft's content anew. Signatures on the old content are lost.

    Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_DRAFT)
    day = effective_day(on, not_before=referral.drafted_on)
    checked = check_content(pack_of(case).programme(referral.programme), content)
    if told_one_offer_on is not None:
        effective_day(told_one_offer_on, field="toldOneOfferOn", not_before=case.opened_on)
    session.change(referral, expected_version)
    require_state(referral, "draft")
    if checked != referral.content:
        session.execute(
            delete(ReferralSignature).where(
                ReferralSignature.tenant_id == session.tenant_id,
                ReferralSignature.referral_id == referral.id,
            )
        )
    referral.content = checked
    referral.told_one_offer_on = told_one_offer_on
    record_on(session, actor, case, referral, "referral_revised", day, Action.REFERRAL_DRAFT)
    return referral


def submit(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Send the referral to the property office; the case is laid open to it.

    Needs: a decision on support in force, every required item, every signature, and that the
    resident was told what the pack wants told. Raises ``PolicyRefused`` naming what is wanting.
    """
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_SUBMIT)
    signed = (signature.signed_on for signature in signatures_of(session, referral))
    told = referral.told_one_offer_on or referral.drafted_on
    day = effective_day(on, not_before=max(referral.drafted_on, told, *signed))
    pack = pack_of(case)
    programme = pack.programme(referral.programme)
    rules = rules_of(programme)
    session.change(referral, expected_version)
    require_state(referral, "draft")
    kind = "support_to_obtain_housing"
    decision = in_force(session, case, kind, day, referral.programme)
    if decision is None and programme.comes_before("support", "referral"):
        if in_force(session, case, kind, day) is not None:
            raise PolicyRefused(
                "other_programme",
                "the decision on support is for another programme than the referral",
                cite=", ".join(rules.cite),
            )
        raise PolicyRefused(
            "decision_before_referral",
            "a referral carries out a decision on support, and there is none in force",
            cite=", ".join(rules.cite),
        )
    refuse_missing(list(missing(session, case, referral, day)))
    require_signatures(session, referral, rules)
    for notice in rules.notices:
        if notice.before == "referral_submitted" and referral.told_one_offer_on is None:
            raise PolicyRefused(
                "notice_not_given",
                "the resident has not been told what the guideline wants told",
                cite=", ".join(notice.cite),
                items=[{"id": notice.id, "label": notice.label.as_json()}],
            )
    referral.content = {**decision_content(session, case, programme, day), **referral.content}
    referral.decision_id = None if decision is None else decision.id
    _move(referral, "submitted")
    referral.submitted_on = day
    session.flush()
    cases.disclose(
        session,
        case,
        departments=departments_with(pack, "property"),
        ground=DISCLOSURE_GROUND,
        fields=sorted(referral.content),
        on=day,
    )
    record_on(session, actor, case, referral, "referral_submitted", day, Action.REFERRAL_SUBMIT)
    return referral


def register(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Take a submitted referral into the property office's register; its validity begins."""
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_REGISTER)
    day = effective_day(on, not_before=referral.submitted_on)
    session.change(referral, expected_version)
    _move(referral, "registered")
    referral.registered_on = day
    referral.valid_until = _valid_until(case, referral, day)
    record_on(session, actor, case, referral, "referral_registered", day, Action.REFERRAL_REGISTER)
    return referral


def return_for_completion(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    request: str,
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Send it back with what is to be completed; the completion comes as a new referral."""
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_RETURN)
    day = effective_day(on, not_before=referral.submitted_on)
    raise_if(required_text("request", request))
    session.change(referral, expected_version)
    _move(referral, "returned")
    referral.completion_request = request.strip()
    record_on(session, actor, case, referral, "referral_returned", day, Action.REFERRAL_RETURN)
    return referral


def complete(
    session: TenantSession, actor: Actor, *, referral_id: UUID, on: date | None = None
) -> Referral:
    """A new draft with the returned referral's content, to be completed and signed again."""
    returned, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_DRAFT)
    require_state(returned, "returned")
    back = happened(session, case, "referral_returned")
    day = effective_day(on, not_before=back.occurred_on if back else returned.submitted_on)
    session.lock(case)
    _refuse_second(session, case)
    referral = session.save(
        Referral(
            case_id=case.id,
            programme=returned.programme,
            content=dict(returned.content),
            drafted_by=actor.principal_id,
            drafted_on=day,
            told_one_offer_on=returned.told_one_offer_on,
            replaces_id=returned.id,
        )
    )
    record_on(session, actor, case, referral, "referral_drafted", day, Action.REFERRAL_DRAFT)
    return referral


def extend(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    content: Mapping[str, Any],
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Let the referral hold longer, with its content gone through and brought up to date.

    The months count from the registration, never from the last extension. Raises ``PolicyRefused``
    when the guideline allows no more extensions or the referral has lapsed.
    """
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_EXTEND)
    pack = pack_of(case)
    programme = pack.programme(referral.programme)
    rules = rules_of(programme)
    day = effective_day(on, not_before=referral.registered_on)
    checked = check_content(programme, content)
    session.change(referral, expected_version)
    if referral.state not in IN_FORCE or not may_extend(case, referral, day):
        raise PolicyRefused(
            "no_extension",
            "the referral cannot be extended",
            cite=", ".join(rules.extend.cite if rules.extend else rules.cite),
        )
    referral.content = checked
    refuse_missing(list(missing(session, case, referral, day)))
    referral.content = {**decision_content(session, case, programme, day), **checked}
    referral.times_extended += 1
    if referral.state == "registered":
        _move(referral, "extended")
    assert referral.registered_on is not None
    referral.valid_until = _valid_until(case, referral, referral.registered_on)
    record_on(session, actor, case, referral, "referral_extended", day, Action.REFERRAL_EXTEND)
    return referral


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Referral:
    """Take the referral back: the right has ended, or the household has found a home."""
    referral, case = open_matter(session, actor, Referral, referral_id, Action.REFERRAL_WITHDRAW)
    day = effective_day(on, not_before=referral.drafted_on)
    raise_if(required_text("reason", reason))
    session.change(referral, expected_version)
    _move(referral, "withdrawn")
    referral.end_reason = reason.strip()
    record_on(session, actor, case, referral, "referral_withdrawn", day, Action.REFERRAL_WITHDRAW)
    return referral


def may_extend(case: Case, referral: Referral, on: date) -> bool:
    """Whether the guideline allows (another) extension of the referral on a day."""
    pack = pack_of(case)
    rules = rules_of(pack.programme(referral.programme))
    if rules.extend is None or referral.valid_until is None or on > referral.valid_until:
        return False
    return referral.state in IN_FORCE and referral.times_extended < pack.number(
        rules.extend.times, on
    )


def end(
    session: TenantSession,
    actor: Actor,
    case: Case,
    referral: Referral,
    *,
    state: str,
    reason: str,
    on: date,
) -> None:
    """End a referral because of what came later: it was fulfilled, or an offer was declined."""
    _move(referral, state)
    referral.version += 1
    referral.end_reason = reason
    kind = {"fulfilled": "referral_fulfilled", "withdrawn": "referral_withdrawn"}[state]
    record_on(session, actor, case, referral, kind, on, Action.REFERRAL_WITHDRAW)


def expire_due(
    session: TenantSession, actor: Actor, on: date, *, but_not: Collection[UUID] = ()
) -> list[Referral]:
    """Let every referral lapse whose validity ended before ``on``, except those in ``but_not``."""
    due = session.scalars(
        select(Referral)
        .where(
            Referral.state.in_(IN_FORCE),
            Referral.valid_until < on,
            Referral.id.not_in(but_not),
        )
        .with_for_update(skip_locked=True)
    ).all()
    for referral in due:
        case = session.find(Case, referral.case_id)
        _move(referral, "expired")
        referral.version += 1
        record_on(session, actor, case, referral, "referral_expired", on, Action.REFERRAL_WITHDRAW)
    return list(due)


def _refuse_second(session: TenantSession, case: Case) -> None:
    running = session.scalar(
        select(Referral.state).where(
            Referral.case_id == case.id,
            Referral.state.in_(("draft", "submitted", *IN_FORCE)),
        )
    )
    if running is not None:
        raise Conflict("referral_under_way", "the case has a referral under way", state=running)


def _move(referral: Referral, state: str) -> None:
    if state not in TRANSITIONS[referral.state]:
        raise Conflict("wrong_state", f"the referral is {referral.state}", state=referral.state)
    referral.state = state


def _valid_until(case: Case, referral: Referral, registered: date) -> date | None:
    pack = pack_of(case)
    rules = rules_of(pack.programme(referral.programme))
    if rules.valid is None:
        return None
    months = pack.number(rules.valid, registered)
    if rules.extend is not None:
        months += referral.times_extended * pack.number(rules.extend.months, registered)
    return add_months(registered, months)
