"""Offering a unit on a referral, and the department's answer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.offers.allowance import may_be_offered
from hemvist.offers.matching.service import place_in, refuse_excluded, refuse_unfit
from hemvist.offers.models import Offer
from hemvist.offers.showing import show_to_landlord, tell_of_offer
from hemvist.offers.turns import tell_next
from hemvist.policy import Programme, add_months
from hemvist.policy.programmes import DeclineReason
from hemvist.policy.programmes import Offers as OfferRules
from hemvist.referrals import service as referrals
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist.units.states import move

#: Days for the department's answer where the pack gives none.
DEFAULT_ANSWER_DAYS = 7
#: Consequences of a declined offer after which the household may still be offered a home.
OFFER_AGAIN = "offer_again"


def make(
    session: TenantSession,
    actor: Actor,
    *,
    referral_id: UUID,
    unit_id: UUID,
    answer_by: date | None = None,
    run_id: UUID | None = None,
    on: date | None = None,
) -> Offer:
    """Offer a vacant unit to the referring department.

    ``run_id`` names the matching that it is made from: it must hold still, and no hard limit of it
    may speak against the home. Raises ``PolicyRefused`` when the referral is not in force, the
    household has had the one offer that the guideline gives, or as many are open as may be shown at
    a time; ``Conflict`` when the unit is taken or the matching too old; ``ValidationFailed``;
    ``NotFound``; ``NotAllowed``.
    """
    referral, case = open_matter(session, actor, Referral, referral_id, Action.OFFER_MAKE)
    require(actor, Action.UNIT_READ)
    unit = session.find(Unit, unit_id)
    rules = rules_of(pack_of(case).programme(referral.programme))
    # Two officers may offer on one referral at once: its row is the lock, always taken first.
    session.lock(referral)
    day = effective_day(on, not_before=referral.registered_on)
    _require_in_force(referral, rules, day)
    _refuse_second(session, case, referral, rules, day)
    placed = None if run_id is None else place_in(session, run_id, referral, unit.id, day)
    refuse = refuse_excluded if placed is None else refuse_unfit
    refuse(session, case, pack_of(case), pack_of(case).programme(referral.programme), unit, day)
    session.lock(unit)
    if unit.state != "vacant":
        raise Conflict("unit_taken", "the unit is no longer vacant", state=unit.state)
    last_day = answer_by or _answer_by(case, rules, day)
    if last_day < day:
        raise ValidationFailed.one("answerBy", "before_start", "lies before the offer itself")
    offer = session.save(
        Offer(
            case_id=case.id,
            referral_id=referral.id,
            unit_id=unit.id,
            state="made",
            made_on=day,
            made_by=actor.principal_id,
            answer_by=last_day,
            counts=True,
            run_id=run_id,
            rank=None if placed is None else placed.rank,
        )
    )
    _bring(session, actor, unit, "offered", offer, day, "offer_made")
    show_to_landlord(session, case, offer, unit, day)
    record_on(session, actor, case, offer, "offer_made", day, Action.OFFER_MAKE)
    return offer


def accept(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    viewing_on: date | None = None,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """The department finds the unit suitable; the unit is reserved.

    A home offered in time may be accepted when the referral's last day has passed; not when the
    referral has been withdrawn.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_ANSWER)
    referral = session.find(Referral, offer.referral_id)
    rules = rules_of(pack_of(case).programme(referral.programme))
    session.lock(referral)
    day = effective_day(on, not_before=offer.made_on)
    if viewing_on is not None and viewing_on < offer.made_on:
        raise ValidationFailed.one("viewingOn", "before_start", "lies before the offer itself")
    session.change(offer, expected_version)
    _require_made(offer)
    _require_in_force(referral, rules, offer.made_on)
    _bring(session, actor, _locked_unit(session, offer), "reserved", offer, day, "offer_accepted")
    offer.state = "accepted"
    offer.answered_on = day
    offer.answered_by = actor.principal_id
    # A viewing that was booked before stays booked.
    offer.viewing_on = viewing_on or offer.viewing_on
    record_on(session, actor, case, offer, "offer_accepted", day, Action.OFFER_ANSWER)
    return offer


def decline(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    code: str,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """Decline with one of the pack's reasons and the department's words; the unit is vacant again.

    What follows is the pack's: the household may be offered again, or the referral lapses.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_ANSWER)
    referral = session.find(Referral, offer.referral_id)
    day = effective_day(on, not_before=offer.made_on)
    rules = rules_of(pack_of(case).programme(referral.programme))
    decline_reason(rules, code)
    raise_if(required_text("reason", reason))
    session.lock(referral)
    session.change(offer, expected_version)
    _require_made(offer)
    decline_as(session, actor, case, offer, referral, rules, code, reason, day)
    return offer


def decline_as(
    session: TenantSession,
    actor: Actor,
    case: Case,
    offer: Offer,
    referral: Referral,
    rules: OfferRules,
    code: str,
    reason: str,
    day: date,
) -> None:
    """What follows on a no, whoever said it: the unit is vacant, the pack's consequence holds, and
    the next in line is told of. The rows are locked and checked by the caller."""
    chosen = decline_reason(rules, code)
    _bring(session, actor, _locked_unit(session, offer), "vacant", offer, day, "offer_declined")
    offer.state = "declined"
    offer.answered_on = day
    offer.answered_by = actor.principal_id
    offer.decline_code = chosen.id
    offer.decline_reason = reason.strip()
    offer.consequence = chosen.consequence
    offer.counts = chosen.consequence != OFFER_AGAIN
    record_on(session, actor, case, offer, "offer_declined", day, Action.OFFER_ANSWER)
    if chosen.consequence == "referral_lapses":
        referrals.end(session, actor, case, referral, state="withdrawn", reason=chosen.id, on=day)
    tell_next(session, actor, offer, day)


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """The property office takes an unanswered offer back; it does not count against the household."""
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_MAKE)
    day = effective_day(on, not_before=offer.made_on)
    raise_if(required_text("reason", reason))
    # First, as in every answer: else each would hold what the other waits for.
    session.lock(session.find(Referral, offer.referral_id))
    session.change(offer, expected_version)
    _require_made(offer)
    _bring(session, actor, _locked_unit(session, offer), "vacant", offer, day, "offer_withdrawn")
    offer.state = "withdrawn"
    offer.answered_on = day
    offer.decline_reason = reason.strip()
    offer.counts = False
    record_on(session, actor, case, offer, "offer_withdrawn", day, Action.OFFER_MAKE)
    tell_next(session, actor, offer, day)
    return offer


def expire_referrals(session: TenantSession, actor: Actor, on: date) -> list[Referral]:
    """Let every referral lapse whose validity ended before ``on``. For the worker.

    One on which a home is offered or accepted waits: the home was offered in time.
    """
    waiting = session.scalars(
        select(Offer.referral_id).where(Offer.state.in_(("made", "accepted")))
    )
    return referrals.expire_due(session, actor, on, but_not=list(waiting))


def decline_reason(rules: OfferRules, code: str) -> DeclineReason:
    """The pack's reason with this code. Raises ``ValidationFailed`` naming those there are."""
    for reason in rules.decline_reasons:
        if reason.id == code:
            return reason
    raise ValidationFailed.one(
        "code",
        "unknown_choice",
        "not one of the pack's reasons",
        allowed=[reason.id for reason in rules.decline_reasons],
    )


def rules_of(programme: Programme) -> OfferRules:
    """How homes are offered in the programme. Raises ``PolicyRefused`` when none are."""
    if programme.offers is None:
        raise PolicyRefused("no_offers", "the programme offers no homes")
    return programme.offers


def _require_in_force(referral: Referral, rules: OfferRules, day: date) -> None:
    if referral.state not in IN_FORCE or (referral.valid_until and day > referral.valid_until):
        raise PolicyRefused(
            "referral_not_in_force",
            "homes are offered on a referral in force",
            cite=", ".join(rules.cite),
        )


def _require_made(offer: Offer) -> None:
    if offer.state != "made":
        raise Conflict("offer_answered", f"the offer is {offer.state}", state=offer.state)


def _bring(
    session: TenantSession,
    actor: Actor,
    unit: Unit,
    state: str,
    offer: Offer,
    day: date,
    cause: str,
) -> None:
    move(session, actor, unit, state, on=day, cause=cause, subject_id=offer.id)
    if state == "vacant":
        tell_of_offer(session, offer, unit, "offer.withdrawn")


def _locked_unit(session: TenantSession, offer: Offer) -> Unit:
    unit = session.find(Unit, offer.unit_id)
    session.lock(unit)
    return unit


def _refuse_second(
    session: TenantSession, case: Case, referral: Referral, rules: OfferRules, day: date
) -> None:
    open_or_counting = session.scalars(
        select(Offer).where(
            Offer.referral_id == referral.id,
            or_(Offer.state.in_(("made", "accepted")), Offer.counts.is_(True)),
        )
    ).all()
    most = None if rules.count is None else pack_of(case).number(rules.count, day)
    against = may_be_offered(open_or_counting, rules.mode, most)
    if against == "offer_accepted":
        raise Conflict(against, "an offer on the referral has been accepted")
    if against is not None:
        said = {
            "one_offer": "the guideline gives one offer, and it has been made",
            "offers_at_a_time": f"at most {most} offers may be open at a time",
        }
        raise PolicyRefused(against, said[against], cite=", ".join(rules.cite))


def _answer_by(case: Case, rules: OfferRules, day: date) -> date:
    if rules.respond_within is None:
        return day + timedelta(days=DEFAULT_ANSWER_DAYS)
    amount = pack_of(case).number(rules.respond_within.count, day)
    if rules.respond_within.unit == "months":
        return add_months(day, amount)
    return day + timedelta(days=amount)


def record_on(
    session: TenantSession,
    actor: Actor,
    case: Case,
    offer: Offer,
    kind: str,
    day: date,
    action: Action,
) -> None:
    """The line, the audit entry and the event of an act on an offer."""
    session.flush()
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=action,
        subject_type="offer",
        subject_id=offer.id,
        data={"state": offer.state, "code": offer.decline_code},
    )
