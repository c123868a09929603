"""Referrals: what the pack wants in them, what is missing, who has signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import exists, select

from hemvist.clock import today
from hemvist.offers.models import Offer as OfferRow
from hemvist.referrals.contents import missing as missing_of
from hemvist.referrals.models import IN_FORCE
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.referrals.models import ReferralSignature as SignatureRow
from hemvist.referrals.service import may_extend
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import pointed_at, record_of
from hemvist_graphql.packs.items import ContentField
from hemvist_graphql.pinned import CASE_PACK, case_pack, programme_of_case
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    opened,
    readable,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.referrals.contents import content_shown
from hemvist_graphql.refs import (
    CaseRef,
    DecisionRef,
    OfferRef,
    PersonRef,
    PrincipalRef,
    ReferralRef,
    SignatureRef,
)
from hemvist_graphql.seeing import Through
from hemvist_graphql.states import ReferralState

#: What the programme's rules for it are found by.
_RULES = (CASE_PACK, "programme")


@strawberry.type(description="An item that the referral still lacks.")
class MissingItem:
    """An item that the referral still lacks."""

    id: str
    cite: list[str]
    reason: str = strawberry.field(description="missing, invalid or undetermined")
    ask: list[str] = strawberry.field(description="Facts that tell whether it is needed.")
    text: strawberry.Private[Any]
    wording: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The item in words."""
        return worded(self.text, lang, self.id)

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong with it."""
        return worded(self.wording, lang, self.reason)


@strawberry.type(description="Something that the resident must be told before an event.")
class ReferralNotice:
    """Something that the resident must be told before an event."""

    id: str
    cite: list[str]
    before: str
    given: bool
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be told."""
        return worded(self.text, lang, self.id)


def _signature_seen(actor: Any) -> Any:
    return exists(
        select(ReferralRow.id).where(
            ReferralRow.tenant_id == SignatureRow.tenant_id,
            ReferralRow.id == SignatureRow.referral_id,
            _referral_seen(actor),
        )
    )


#: What was never submitted was never disclosed.
_referral_seen = of_visible_case(ReferralRow, ReferralRow.submitted_on.is_not(None))


@reads(SignatureRow, visible=Through(SignatureRow.referral_id, ReferralRow, _signature_seen))
@strawberry.type(description="A signature on the referral's present content.")
class Signature(Readable):
    """A signature on the referral's present content."""

    kind: str = column(SignatureRow.kind, description="resident or manager")
    signed_on: dt.date = column(SignatureRow.signed_on)
    recorded_at: dt.datetime = column(SignatureRow.recorded_at)
    person: PersonRef | None = to_one("Person", SignatureRow.person_id)
    principal: PrincipalRef | None = to_one("Principal", SignatureRow.principal_id)
    recorded_by: PrincipalRef | None = to_one("Principal", SignatureRow.recorded_by)


@reads(
    ReferralRow,
    visible=_referral_seen,
    case=ReferralRow.case_id,
    also=(ReferralRow.content_sealed,),
    ingredients=case_pack(ReferralRow),
)
@strawberry.type(description="A department's request for a home (remiss).")
class Referral(Node):
    """A department's request for a home."""

    state: ReferralState = column(ReferralRow.state)
    programme: str = column(ReferralRow.programme)
    case: CaseRef = to_one("Case", ReferralRow.case_id)
    signatures: list[SignatureRef] = to_many(
        "Signature", SignatureRow.referral_id, order=(SignatureRow.recorded_at, SignatureRow.id)
    )
    told_one_offer_on: dt.date | None = column(ReferralRow.told_one_offer_on)
    drafted_on: dt.date = column(ReferralRow.drafted_on)
    drafted_by: PrincipalRef | None = to_one("Principal", ReferralRow.drafted_by)
    submitted_on: dt.date | None = column(ReferralRow.submitted_on)
    registered_on: dt.date | None = column(ReferralRow.registered_on)
    valid_until: dt.date | None = column(ReferralRow.valid_until)
    times_extended: int = column(ReferralRow.times_extended)
    completion_request: str | None = opened(ReferralRow.completion_request)
    replaces: ReferralRef | None = to_one("Referral", ReferralRow.replaces_id)
    decision: DecisionRef | None = to_one("Decision", ReferralRow.decision_id)
    offers: list[OfferRef] = to_many(
        "Offer", OfferRow.referral_id, order=(OfferRow.made_on, OfferRow.id)
    )
    end_reason: str | None = opened(ReferralRow.end_reason)
    version: int = column(ReferralRow.version)

    @computed(needs=_RULES, reads=False, description="The programme in words.")
    def programme_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The programme in words."""
        programme = programme_of_case(info.context, self)
        return worded(programme.label if programme else None, lang, self.row["programme"])

    @computed(20, description="Every item that the pack prescribes, with what is written there.")
    def content(self, info: Info) -> list[ContentField]:
        """The referral's form, filled in."""
        programme = programme_of_case(info.context, self)
        if programme is None or programme.referral is None:
            return []
        referral, case = _models(info.context, self)
        return content_shown(info.context, case, referral, programme)

    @computed(20, description="Items that it still lacks; empty when it has been dealt with.")
    def missing(self, info: Info) -> list[MissingItem]:
        """Items that it still lacks."""
        if self.row["state"] not in ("draft", *IN_FORCE):
            return []
        referral, case = _models(info.context, self)
        return [
            MissingItem(
                id=one.id,
                cite=list(one.cite),
                reason=one.reason,
                ask=list(one.ask),
                text=one.label,
                wording=one.message,
            )
            for one in missing_of(info.context.session, case, referral, today())
        ]

    @computed(needs=_RULES, reads=False, description="Kinds of signature that the pack wants.")
    def signatures_required(self, info: Info) -> list[str]:
        """Kinds of signature that the pack wants."""
        programme = programme_of_case(info.context, self)
        rules = programme.referral if programme else None
        return [one.by for one in rules.signatures] if rules else []

    @computed(
        needs=("told_one_offer_on", *_RULES),
        reads=False,
        description="What the resident must be told, and whether it has been noted.",
    )
    def notices(self, info: Info) -> list[ReferralNotice]:
        """What the resident must be told."""
        programme = programme_of_case(info.context, self)
        rules = programme.referral if programme else None
        return [
            ReferralNotice(
                id=one.id,
                cite=list(one.cite),
                before=one.before,
                given=self.row["told_one_offer_on"] is not None,
                text=one.label,
            )
            for one in (rules.notices if rules else ())
        ]

    @computed(5)
    def may_extend(self, info: Info) -> bool:
        """Whether the guideline allows (another) extension today."""
        referral, case = _models(info.context, self)
        return may_extend(case, referral, today())


def _models(context: Context, root: Readable) -> tuple[Any, Any]:
    case = pointed_at(context, root, readable("Case"), "case_id")
    assert case is not None
    return record_of(context, root), record_of(context, case)
