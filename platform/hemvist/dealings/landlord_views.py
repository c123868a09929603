"""What a landlord sees of dealings on its own homes: offers, times, tenancies, takeovers.

No view reads a person, a household or a case. Of the household there is the alias, how many they are
where that may be known, and the sealed name from the step on; the database keeps both empty for whoever
is or may be protected.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, null, select

from hemvist.contracts.models import Contract
from hemvist.dealings.models import Disclosure, LandlordTime
from hemvist.landlords.views import guarded, landlord_view, within_reach
from hemvist.offers.matching.models import Presentation, PresentedHousehold
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import LandlordOffer
from hemvist.takeovers.asked_models import TakeoverReply, TakeoverShown
from hemvist.takeovers.models import Takeover
from hemvist.units.models import Unit

guarded(Offer, through=(Offer.unit_id, Unit))
guarded(Contract, through=(Contract.unit_id, Unit))
guarded(Takeover, through=(Takeover.contract_id, Contract))
guarded(PresentedHousehold, through=(PresentedHousehold.presentation_id, Presentation))

_of_unit = and_(Unit.tenant_id == LandlordOffer.tenant_id, Unit.id == LandlordOffer.unit_id)
_of_offer = and_(Offer.tenant_id == LandlordOffer.tenant_id, Offer.id == LandlordOffer.offer_id)
_shown = and_(
    Disclosure.tenant_id == LandlordOffer.tenant_id,
    Disclosure.offer_id == LandlordOffer.offer_id,
    Disclosure.sealed_name.is_not(None),
)


def _reached(statement: Select[Any]) -> Select[Any]:
    return within_reach(
        statement,
        LandlordOffer.tenant_id,
        LandlordOffer.landlord_id,
        designation=Unit.property_designation,
    )


#: Offers of the landlord's homes. The name, where it is told, while the home is still held by the offer.
OFFERS = landlord_view(
    "lv_offers",
    _reached(
        select(
            LandlordOffer.tenant_id,
            LandlordOffer.offer_id.label("id"),
            LandlordOffer.landlord_id,
            LandlordOffer.unit_id,
            LandlordOffer.alias,
            LandlordOffer.adults,
            LandlordOffer.children,
            LandlordOffer.needs,
            Offer.state,
            Offer.made_on,
            Offer.answer_by,
            Offer.answered_on,
            Offer.viewing_on,
            Offer.viewing_held_on,
            Offer.home_free_on.label("ended_on"),
            case(
                (
                    and_(Offer.state == "accepted", Offer.home_free_on.is_(None)),
                    Disclosure.sealed_name,
                ),
                else_=null(),
            ).label("sealed_name"),
            Disclosure.id.label("disclosure_id"),
        )
        .select_from(LandlordOffer)
        .join(Offer, _of_offer)
        .join(Unit, _of_unit)
        .outerjoin(Disclosure, _shown)
    ),
)

#: Times that either side proposed.
TIMES = landlord_view(
    "lv_times",
    within_reach(
        select(
            LandlordTime.tenant_id,
            LandlordTime.id,
            LandlordTime.landlord_id,
            LandlordTime.offer_id,
            Offer.unit_id,
            LandlordTime.kind,
            LandlordTime.state,
            LandlordTime.side,
            LandlordTime.starts_at,
            LandlordTime.place,
            case((LandlordTime.side == "landlord", LandlordTime.note_sealed), else_=null()).label(
                "note_sealed"
            ),
            LandlordTime.proposed_at,
            LandlordTime.answered_at,
            LandlordTime.version,
        )
        .join(
            Offer,
            and_(Offer.tenant_id == LandlordTime.tenant_id, Offer.id == LandlordTime.offer_id),
        )
        .join(Unit, and_(Unit.tenant_id == Offer.tenant_id, Unit.id == Offer.unit_id)),
        LandlordTime.tenant_id,
        LandlordTime.landlord_id,
        designation=Unit.property_designation,
    ),
)

#: Tenancies in the landlord's homes, with the notice that was given; never why.
TENANCIES = landlord_view(
    "lv_tenancies",
    _reached(
        select(
            Contract.tenant_id,
            Contract.id,
            LandlordOffer.landlord_id,
            Contract.unit_id,
            Contract.offer_id,
            LandlordOffer.alias,
            Contract.kind,
            Contract.form,
            Contract.state,
            Contract.signed_on,
            Contract.starts_on,
            Contract.ends_on,
            Contract.notice_given_on,
            Contract.notice_ends_on,
            Contract.ended_on,
            Contract.follows_id,
            case((Contract.state == "signed", Disclosure.sealed_name), else_=null()).label(
                "sealed_name"
            ),
            Disclosure.id.label("disclosure_id"),
        )
        .select_from(Contract)
        .join(
            LandlordOffer,
            and_(
                LandlordOffer.tenant_id == Contract.tenant_id,
                LandlordOffer.offer_id == Contract.offer_id,
            ),
        )
        .join(Unit, and_(Unit.tenant_id == Contract.tenant_id, Unit.id == Contract.unit_id))
        .outerjoin(Disclosure, _shown)
    ),
)

#: Requests to take a lease over, from the day on which the landlord was asked.
TAKEOVERS = landlord_view(
    "lv_takeovers",
    _reached(
        select(
            Takeover.tenant_id,
            Takeover.id,
            LandlordOffer.landlord_id,
            Contract.unit_id,
            Takeover.contract_id,
            LandlordOffer.offer_id,
            LandlordOffer.alias,
            Takeover.state,
            Takeover.requested_on,
            Takeover.answered_on,
            Takeover.tribunal_applied_on,
            Takeover.tribunal_decided_on,
            Takeover.taken_over_on,
            Takeover.version,
            case((Contract.state == "signed", Disclosure.sealed_name), else_=null()).label(
                "sealed_name"
            ),
            Disclosure.id.label("disclosure_id"),
        )
        .select_from(Takeover)
        .join(
            Contract,
            and_(Contract.tenant_id == Takeover.tenant_id, Contract.id == Takeover.contract_id),
        )
        .join(
            LandlordOffer,
            and_(
                LandlordOffer.tenant_id == Contract.tenant_id,
                LandlordOffer.offer_id == Contract.offer_id,
            ),
        )
        .join(Unit, and_(Unit.tenant_id == Contract.tenant_id, Unit.id == Contract.unit_id))
        .outerjoin(Disclosure, _shown)
        .where(Takeover.requested_on.is_not(None), Takeover.state != "closed")
    ),
)


def _of_takeover(model: Any, *columns: Any) -> Select[Any]:
    """Lines of a takeover that the landlord was asked about, in its districts."""
    return within_reach(
        select(model.tenant_id, model.id, model.landlord_id, model.takeover_id, *columns)
        .join(
            Takeover,
            and_(Takeover.tenant_id == model.tenant_id, Takeover.id == model.takeover_id),
        )
        .join(
            Contract,
            and_(Contract.tenant_id == Takeover.tenant_id, Contract.id == Takeover.contract_id),
        )
        .join(Unit, and_(Unit.tenant_id == Contract.tenant_id, Unit.id == Contract.unit_id)),
        model.tenant_id,
        model.landlord_id,
        designation=Unit.property_designation,
    )


#: What may be seen with the latest request.
TAKEOVER_SHOWN = landlord_view(
    "lv_takeover_shown",
    _of_takeover(
        TakeoverShown,
        TakeoverShown.requested_on,
        TakeoverShown.fact,
        TakeoverShown.label_sv,
        TakeoverShown.label_en,
        TakeoverShown.kind,
        TakeoverShown.value_sealed,
    ).where(
        TakeoverShown.requested_on == Takeover.requested_on,
        Takeover.state.in_(("asked", "agreed", "refused", "tribunal")),
    ),
)

#: What the landlord itself replied.
TAKEOVER_REPLIES = landlord_view(
    "lv_takeover_replies",
    _of_takeover(
        TakeoverReply,
        TakeoverReply.reply,
        TakeoverReply.reason_sealed,
        TakeoverReply.from_on,
        TakeoverReply.replied_at,
    ),
)

#: Households presented under letters, among whom the landlord may choose.
PRESENTATIONS = landlord_view(
    "lv_presentations",
    within_reach(
        select(
            Presentation.tenant_id,
            Presentation.id,
            Presentation.landlord_id,
            Presentation.unit_id,
            Presentation.state,
            Presentation.presented_on,
            Presentation.answer_by,
            Presentation.answered_on,
            Presentation.picked,
            Presentation.picked_at,
            Presentation.version,
        ).join(
            Unit, and_(Unit.tenant_id == Presentation.tenant_id, Unit.id == Presentation.unit_id)
        ),
        Presentation.tenant_id,
        Presentation.landlord_id,
        designation=Unit.property_designation,
    ),
)

#: One of them: a letter, and how many they are where that may be known.
PRESENTED = landlord_view(
    "lv_presented",
    within_reach(
        select(
            PresentedHousehold.tenant_id,
            PresentedHousehold.id,
            Presentation.landlord_id,
            PresentedHousehold.presentation_id,
            PresentedHousehold.alias,
            case((PresentedHousehold.size_shown, PresentedHousehold.adults), else_=null()).label(
                "adults"
            ),
            case((PresentedHousehold.size_shown, PresentedHousehold.children), else_=null()).label(
                "children"
            ),
        )
        .join(
            Presentation,
            and_(
                Presentation.tenant_id == PresentedHousehold.tenant_id,
                Presentation.id == PresentedHousehold.presentation_id,
            ),
        )
        .join(
            Unit, and_(Unit.tenant_id == Presentation.tenant_id, Unit.id == Presentation.unit_id)
        ),
        Presentation.tenant_id,
        Presentation.landlord_id,
        designation=Unit.property_designation,
    ),
)
