"""After the department's yes: the viewing, the household's own answer; and a decline set aside."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.packs import pack_of
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.offers.service import decline_as, record_on, rules_of
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession


def book_viewing(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    viewing_on: date,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """Book the viewing (visning) for a day that may lie ahead, or book it anew."""
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_ANSWER)
    day = effective_day(on, not_before=offer.made_on)
    if viewing_on < day:
        raise ValidationFailed.one("viewingOn", "before_start", "lies before the booking itself")
    session.change(offer, expected_version)
    _require_open(offer)
    if offer.viewing_held_on is not None:
        raise Conflict("viewing_held", "the viewing has been held")
    offer.viewing_on = viewing_on
    record_on(session, actor, case, offer, "viewing_booked", day, Action.OFFER_ANSWER)
    return offer


def hold_viewing(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """The household has seen the home."""
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_ANSWER)
    day = effective_day(on, not_before=offer.made_on)
    session.change(offer, expected_version)
    _require_open(offer)
    if offer.viewing_held_on is not None:
        raise Conflict("viewing_held", "the viewing has been held")
    offer.viewing_held_on = day
    record_on(session, actor, case, offer, "viewing_held", day, Action.OFFER_ANSWER)
    return offer


def answer_for_household(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    yes: bool,
    code: str = "",
    reason: str = "",
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """Register the household's own answer, after the department's yes.

    Only where the guideline asks both. A no needs one of the pack's reasons that the resident may
    give; the home is vacant again and the pack's consequence follows. Raises ``PolicyRefused``,
    ``Conflict``, ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_ANSWER)
    referral = session.find(Referral, offer.referral_id)
    rules = rules_of(pack_of(case).programme(referral.programme))
    if "resident" not in rules.answers:
        raise PolicyRefused(
            "one_answer", "the guideline asks the department alone", cite=", ".join(rules.cite)
        )
    day = effective_day(on, not_before=offer.answered_on or offer.made_on)
    session.lock(referral)
    if not yes:
        chosen = next((one for one in rules.decline_reasons if one.id == code), None)
        if chosen is None or "resident" not in chosen.by:
            raise ValidationFailed.one(
                "code",
                "unknown_choice",
                "not one of the household's reasons",
                allowed=[one.id for one in rules.decline_reasons if "resident" in one.by],
            )
        raise_if(required_text("reason", reason))
    session.change(offer, expected_version)
    if offer.state != "accepted":
        raise Conflict("offer_not_accepted", f"the offer is {offer.state}", state=offer.state)
    if offer.household_answer is not None:
        raise Conflict("offer_answered", "the household has answered", state=offer.state)
    offer.household_answer = "yes" if yes else "no"
    offer.household_answered_on = day
    if yes:
        record_on(
            session, actor, case, offer, "offer_accepted_by_household", day, Action.OFFER_ANSWER
        )
    else:
        decline_as(session, actor, case, offer, referral, rules, code, reason, day)
    return offer


def override_consequence(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """Set aside what the guideline lets follow on a decline: the household may be offered again.

    Never by who registered the decline or made the offer. Where the referral has lapsed a new one
    is needed. Raises ``NotAllowed``, ``Conflict``, ``ValidationFailed``, ``NotFound``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.OFFER_OVERRIDE)
    # Asked again of both who took part: ``open_matter`` knows one preparer.
    open_matter(
        session, actor, Offer, offer_id, Action.OFFER_OVERRIDE, prepared_by=lambda one: one.made_by
    )
    open_matter(
        session,
        actor,
        Offer,
        offer_id,
        Action.OFFER_OVERRIDE,
        prepared_by=lambda one: one.answered_by,
    )
    day = effective_day(on, not_before=offer.answered_on or offer.made_on)
    raise_if(required_text("reason", reason))
    referral = session.find(Referral, offer.referral_id)
    session.lock(referral)
    session.change(offer, expected_version)
    if offer.state != "declined" or not offer.counts:
        raise Conflict("nothing_to_override", "nothing follows on the offer", state=offer.state)
    if referral.state not in IN_FORCE:
        raise Conflict("referral_ended", "the referral has ended", state=referral.state)
    offer.counts = False
    offer.overridden_on = day
    offer.overridden_by = actor.principal_id
    offer.override_reason = reason.strip()
    record_on(
        session, actor, case, offer, "offer_consequence_overridden", day, Action.OFFER_OVERRIDE
    )
    return offer


def _require_open(offer: Offer) -> None:
    if offer.state not in ("made", "accepted"):
        raise Conflict("offer_answered", f"the offer is {offer.state}", state=offer.state)
