"""What the landlord itself answers: whom it chooses among letters, and whether a lease may be taken over."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.offers.matching.models import Presentation, PresentedHousehold
from hemvist.takeovers.asked_models import REPLIES, TakeoverReply
from hemvist.takeovers.models import Takeover
from hemvist.takeovers.service import answer_as
from hemvist.takeovers.watching import rules_of
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

MAX_REASON = 2_000


def choose(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    presentation_id: UUID,
    alias: str | None = None,
    expected_version: int,
) -> Presentation:
    """Choose one of the households presented under letters, or nobody (no ``alias``).

    It is a choice and no offer: the property office makes that, by the guideline's rules. The landlord
    may choose anew until it has. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    row = session.scalars(
        select(Presentation).where(
            Presentation.id == presentation_id, Presentation.landlord_id == landlord_id
        )
    ).first()
    if row is None:
        raise NotFound("Presentation")
    require(actor, Action.LANDLORD_ANSWER, landlord=landlord_id)
    session.change(row, expected_version)
    if row.state != "presented":
        raise Conflict("presentation_answered", "it has been answered")
    shown = session.scalars(
        select(PresentedHousehold).where(PresentedHousehold.presentation_id == row.id)
    ).all()
    picked = next((one for one in shown if one.alias == alias), None)
    if alias is not None and picked is None:
        raise ValidationFailed.one("alias", "unknown_choice", "not one of those presented")
    row.picked = alias or ""
    row.picked_at, row.picked_by = now(), actor.principal_id
    session.flush()
    for one in [picked] if picked is not None else shown:
        if picked is None:
            audit.record(
                session,
                actor,
                Action.LANDLORD_ANSWER,
                case_id=one.case_id,
                subject_type="presentation",
                subject_id=row.id,
                details={"event": "landlord_chose_nobody"},
            )
            continue
        record(
            session,
            actor,
            session.find(Case, one.case_id),
            "landlord_chose",
            today(),
            action=Action.LANDLORD_ANSWER,
            subject_type="presentation",
            subject_id=row.id,
            data={},
        )
    return row


def reply_to_takeover(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    takeover_id: UUID,
    reply: str,
    reason: str = "",
    from_on: date | None = None,
    expected_version: int,
) -> TakeoverReply:
    """Reply to a request to take the lease over: yes, no with a reason, or later from a day.

    A yes and a no are the landlord's answer, as if the kommun had registered it; after "later" the
    request stands. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover = _takeover(session, landlord_id, takeover_id)
    require(actor, Action.LANDLORD_ANSWER, landlord=landlord_id)
    raise_if(_problems(reply, reason, from_on))
    case = session.find(Case, takeover.case_id)
    rules = rules_of(case)
    # The takeover first and the case after it, as everywhere.
    session.change(takeover, expected_version)
    if takeover.state != "asked" or case.state != "open" or rules is None:
        raise Conflict("not_asked", "nobody waits for an answer")
    row = session.save(
        TakeoverReply(
            case_id=case.id,
            takeover_id=takeover.id,
            landlord_id=landlord_id,
            reply=reply,
            reason=reason.strip(),
            from_on=from_on,
            replied_at=now(),
            replied_by=actor.principal_id,
        )
    )
    if reply == "later":
        record(
            session,
            actor,
            case,
            "takeover_put_off_by_landlord",
            today(),
            action=Action.LANDLORD_ANSWER,
            subject_type="takeover",
            subject_id=takeover.id,
            data={"from": str(from_on)},
        )
    else:
        session.flush()
        answer_as(session, actor, case, takeover, rules, reply == "yes", reason, today())
    return row


def _takeover(session: TenantSession, landlord_id: UUID, takeover_id: UUID) -> Takeover:
    row = session.scalars(
        select(Takeover)
        .join(
            Contract,
            (Contract.tenant_id == Takeover.tenant_id) & (Contract.id == Takeover.contract_id),
        )
        .join(Unit, (Unit.tenant_id == Contract.tenant_id) & (Unit.id == Contract.unit_id))
        .where(
            Takeover.id == takeover_id,
            Takeover.requested_on.is_not(None),
            Unit.landlord_id == landlord_id,
        )
    ).first()
    if row is None:
        raise NotFound("Takeover")
    return row


def _problems(reply: str, reason: str, from_on: date | None) -> list[Problem]:
    if reply not in REPLIES:
        allowed = {"allowed": list(REPLIES)}
        return [Problem("reply", "unknown_choice", "not one of the choices", allowed)]
    problems = [] if reply == "yes" else required_text("reason", reason, MAX_REASON)
    if reply == "yes" and len(reason) > MAX_REASON:
        problems.append(Problem("reason", "too_long", f"at most {MAX_REASON} characters"))
    if reply == "later" and (from_on is None or from_on <= today()):
        problems.append(Problem("fromOn", "no_later", "say from which later day"))
    if reply != "later" and from_on is not None:
        problems.append(Problem("fromOn", "not_asked", "belongs to a later day only"))
    return problems
