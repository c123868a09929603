"""Offers that nobody answered in time. For the worker."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.offers.service import record_on
from hemvist.offers.showing import tell_of_offer
from hemvist.offers.turns import tell_next
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist.units.states import move


def expire_offers(session: TenantSession, actor: Actor, on: date, limit: int = 200) -> list[Offer]:
    """Let every offer lapse whose last day for an answer lies before ``on``; at most ``limit``.

    The home is vacant again and the next in line is told of. The household loses nothing by an
    answer that its department did not give: the offer does not count.
    """
    due = session.scalars(
        select(Offer)
        .where(Offer.state == "made", Offer.answer_by < on)
        .order_by(Offer.answer_by, Offer.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    expired: list[Offer] = []
    for offer in due:
        # An answer locks the referral, then the offer: whoever is answering now goes first.
        referral = session.scalar(
            select(Referral)
            .where(Referral.id == offer.referral_id)
            .with_for_update(skip_locked=True)
        )
        if referral is None:
            continue
        unit = session.find(Unit, offer.unit_id)
        session.lock(unit)
        move(session, actor, unit, "vacant", on=on, cause="offer_expired", subject_id=offer.id)
        tell_of_offer(session, offer, unit, "offer.withdrawn")
        offer.state = "expired"
        offer.answered_on = on
        offer.counts = False
        offer.version += 1
        case = session.find(Case, offer.case_id)
        record_on(session, actor, case, offer, "offer_expired", on, Action.OFFER_ANSWER)
        tell_next(session, actor, offer, on)
        expired.append(offer)
    return expired
