"""Offers of a home on a referral."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, select

from hemvist.dealings.models import Disclosure as DisclosureRow
from hemvist.dealings.models import LandlordTime as TimeRow
from hemvist.dealings.models import NameConsent as ConsentRow
from hemvist.identity import Actor
from hemvist.offers.models import Offer as OfferRow
from hemvist.offers.shown_models import LandlordOffer as SightRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.choosing import Chosen, chosen, first_of
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import ingredient
from hemvist_graphql.pinned import (
    CASE_PACK,
    case_pack,
    label_in,
    pack_of_case,
    programme_or_none,
)
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    CaseRef,
    LandlordSightRef,
    LandlordTimeRef,
    MatchRunRef,
    NameConsentRef,
    NameDisclosureRef,
    PrincipalRef,
    ReferralRef,
    UnitRef,
)
from hemvist_graphql.states import OfferState


def _referred_programme(_: Actor) -> ColumnElement[Any]:
    return (
        select(ReferralRow.programme)
        .where(ReferralRow.tenant_id == OfferRow.tenant_id, ReferralRow.id == OfferRow.referral_id)
        .correlate(OfferRow)
        .scalar_subquery()
    )


@reads(
    OfferRow,
    visible=of_visible_case(OfferRow),
    case=OfferRow.case_id,
    also=(OfferRow.case_id,),
    # A unit that was offered in a visible case is visible (visible_units).
    shows=(OfferRow.unit_id,),
    ingredients={**case_pack(OfferRow), "referred_programme": _referred_programme},
)
@strawberry.type(description="A home offered on a referral (erbjudande), and the answer.")
class Offer(Node):
    """A home offered on a referral, and the department's answer."""

    state: OfferState = column(OfferRow.state)
    case: CaseRef = to_one("Case", OfferRow.case_id)
    referral: ReferralRef = to_one("Referral", OfferRow.referral_id)
    unit: UnitRef = to_one("Unit", OfferRow.unit_id)
    made_on: dt.date = column(OfferRow.made_on)
    made_by: PrincipalRef | None = to_one("Principal", OfferRow.made_by)
    answer_by: dt.date = column(OfferRow.answer_by)
    answered_on: dt.date | None = column(OfferRow.answered_on)
    answered_by: PrincipalRef | None = to_one("Principal", OfferRow.answered_by)
    decline_code: str | None = column(OfferRow.decline_code)
    decline_reason: str | None = opened(OfferRow.decline_reason)
    counts: bool = column(
        OfferRow.counts, description="Whether it uses up the household's right to one."
    )
    viewing_on: dt.date | None = column(OfferRow.viewing_on)
    viewing_held_on: dt.date | None = column(OfferRow.viewing_held_on)
    household_answer: str | None = column(
        OfferRow.household_answer, description="yes or no, where the household is asked too."
    )
    household_answered_on: dt.date | None = column(OfferRow.household_answered_on)
    consequence: str | None = column(
        OfferRow.consequence, description="What the guideline lets follow on the decline."
    )
    overridden_on: dt.date | None = column(
        OfferRow.overridden_on, description="The day on which the consequence was set aside."
    )
    overridden_by: PrincipalRef | None = to_one("Principal", OfferRow.overridden_by)
    override_reason: str | None = opened(OfferRow.override_reason)
    rank: int | None = column(OfferRow.rank, description="In the matching that it was made from.")
    run: MatchRunRef | None = to_one("MatchRun", OfferRow.run_id)
    version: int = column(OfferRow.version)
    landlord_sight: LandlordSightRef | None = first_of(
        "LandlordSight", by={SightRow.offer_id: "id"}, order=(SightRow.id,)
    )
    landlord_times: list[LandlordTimeRef] = to_many(
        "LandlordTime", TimeRow.offer_id, order=(TimeRow.starts_at, TimeRow.id)
    )
    name_disclosures: list[NameDisclosureRef] = to_many(
        "NameDisclosure",
        DisclosureRow.offer_id,
        order=(DisclosureRow.disclosed_on, DisclosureRow.id),
    )
    name_consents: list[NameConsentRef] = chosen(
        Chosen(
            "NameConsent",
            ((ConsentRow.case_id, "case_id"),),
            lambda _: (ConsentRow.consented_on, ConsentRow.id),
        ),
        description="Of the whole case, each for one landlord.",
    )

    @computed(
        needs=(CASE_PACK, "referred_programme", "decline_code"),
        reads=False,
        description="The pack's reason in words.",
    )
    def decline_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The pack's reason in words."""
        code = self.row["decline_code"]
        if code is None:
            return None
        named = ingredient(info.context, self, "referred_programme")
        programme = programme_or_none(pack_of_case(info.context, self), named)
        offers = programme.offers if programme else None
        return worded(label_in(offers.decline_reasons if offers else (), code), lang, code)
