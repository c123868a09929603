"""Offers of a home on a referral."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.offers.models import Offer as OfferRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import pointed_at
from hemvist_graphql.pinned import label_in
from hemvist_graphql.reading import Node, column, computed, readable, reads, to_one
from hemvist_graphql.referrals.types import rules_of
from hemvist_graphql.refs import CaseRef, PrincipalRef, ReferralRef, UnitRef
from hemvist_graphql.states import OfferState


@reads(OfferRow, visible=of_visible_case(OfferRow), case=OfferRow.case_id)
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
    decline_reason: str | None = column(OfferRow.decline_reason)
    counts: bool = column(
        OfferRow.counts, description="Whether it uses up the household's right to one."
    )
    viewing_on: dt.date | None = column(OfferRow.viewing_on)
    version: int = column(OfferRow.version)

    @computed(description="The pack's reason in words.")
    def decline_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The pack's reason in words."""
        code = self.row["decline_code"]
        if code is None:
            return None
        referral = pointed_at(info.context, self, readable("Referral"), "referral_id")
        programme = rules_of(info.context, referral) if referral is not None else None
        offers = programme.offers if programme else None
        return worded(label_in(offers.decline_reasons if offers else (), code), lang, code)
