"""What a landlord sees of an offer, the times with it, and what it was told of a household."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import strawberry

from hemvist.cases.models import Case as CaseRow
from hemvist.dealings.models import Disclosure as DisclosureRow
from hemvist.dealings.models import LandlordTime as TimeRow
from hemvist.dealings.models import NameConsent as ConsentRow
from hemvist.dealings.names import standing
from hemvist.offers.shown_models import LandlordOffer as SightRow
from hemvist.takeovers.asked_models import TakeoverReply as ReplyRow
from hemvist.takeovers.asked_models import TakeoverShown as ShownRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    identity,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import (
    LandlordRef,
    OfferRef,
    PrincipalRef,
)


@reads(TimeRow, visible=of_visible_case(TimeRow), case=TimeRow.case_id)
@strawberry.type(
    description="A time for viewing a home or signing its lease, between kommun and landlord."
)
class LandlordTime(Node):
    """A time for viewing a home or signing its lease."""

    offer: OfferRef = to_one("Offer", TimeRow.offer_id)
    kind: str = column(TimeRow.kind, description="viewing or signing")
    state: str = column(TimeRow.state, description="proposed, agreed, declined or withdrawn")
    side: str = column(TimeRow.side, description="Whose proposal it is: kommun or landlord.")
    starts_at: dt.datetime = column(TimeRow.starts_at)
    place: str = column(TimeRow.place, description="home, landlord_office, kommun_office or remote")
    note: str = opened(TimeRow.note, description="The landlord's own words.")
    proposed_at: dt.datetime = column(TimeRow.proposed_at)
    proposed_by: PrincipalRef | None = to_one("Principal", TimeRow.proposed_by)
    answered_at: dt.datetime | None = column(TimeRow.answered_at)
    answered_by: PrincipalRef | None = to_one("Principal", TimeRow.answered_by)
    version: int = column(TimeRow.version)


@reads(ConsentRow, visible=of_visible_case(ConsentRow), case=ConsentRow.case_id)
@strawberry.type(
    description="The household's consent that one landlord learns its name (OSL 10:1, 12:2)."
)
class NameConsent(Node):
    """The household's consent that one landlord learns its name."""

    landlord: LandlordRef = to_one("Landlord", ConsentRow.landlord_id)
    consented_on: dt.date = column(ConsentRow.consented_on)
    withdrawn_on: dt.date | None = column(ConsentRow.withdrawn_on)
    recorded_by: PrincipalRef | None = to_one("Principal", ConsentRow.recorded_by)
    version: int = column(ConsentRow.version)


@reads(DisclosureRow, visible=of_visible_case(DisclosureRow), case=DisclosureRow.case_id)
@strawberry.type(description="That a landlord was told a name: to whom, why, and if it still is.")
class NameDisclosure(Readable):
    """That a landlord was told a name."""

    id: strawberry.ID = identity()
    recipient: str = column(DisclosureRow.recipient)
    step: str = column(DisclosureRow.step)
    ground: str = column(DisclosureRow.ground, description="consent, or party in a lease")
    source: str = column(DisclosureRow.source)
    disclosed_on: dt.date = column(DisclosureRow.disclosed_on)
    withheld: str | None = column(
        DisclosureRow.withheld, description="protected or consent_withdrawn; null while shown"
    )


@reads(
    SightRow,
    visible=of_visible_case(SightRow),
    case=SightRow.case_id,
    also=(SightRow.case_id,),
)
@strawberry.type(description="What the landlord of the home sees of an offer.")
class LandlordSight(Readable):
    """What the landlord of the home sees of an offer."""

    id: strawberry.ID = identity()
    landlord: LandlordRef = to_one("Landlord", SightRow.landlord_id)
    alias: str = column(SightRow.alias, description="What the household is called there.")
    adults: int | None = column(SightRow.adults)
    children: int | None = column(SightRow.children)
    needs: list[str] = column(SightRow.needs)

    @computed(
        5,
        needs=("id", "case_id"),
        description="How it stands with the name: shown, due, waits_for_step, waits_for_consent, "
        "protected, withheld or never.",
    )
    def name_standing(self, info: Info) -> str:
        """How it stands with the household's name."""
        session = info.context.session
        home = session.find(SightRow, UUID(str(self.row["id"])))
        return standing(session, session.find(CaseRow, UUID(str(self.row["case_id"]))), home).code


@reads(ReplyRow, visible=of_visible_case(ReplyRow), case=ReplyRow.case_id)
@strawberry.type(description="What the landlord itself replied to a request.")
class TakeoverReply(Readable):
    """What the landlord itself replied to a request."""

    id: strawberry.ID = identity()
    reply: str = column(ReplyRow.reply, description="yes, no or later")
    reason: str = opened(ReplyRow.reason)
    from_on: dt.date | None = column(ReplyRow.from_on)
    replied_at: dt.datetime = column(ReplyRow.replied_at)
    replied_by: PrincipalRef | None = to_one("Principal", ReplyRow.replied_by)


@reads(
    ShownRow,
    visible=of_visible_case(ShownRow),
    case=ShownRow.case_id,
    also=(ShownRow.label_sv, ShownRow.label_en),
)
@strawberry.type(description="A figure that the landlord was shown with a request.")
class TakeoverFigure(Readable):
    """A figure that the landlord was shown with a request."""

    id: strawberry.ID = identity()
    requested_on: dt.date = column(ShownRow.requested_on)
    fact: str = column(ShownRow.fact)
    kind: str = column(ShownRow.kind)
    value: str = opened(ShownRow.value)
    consented_on: dt.date = column(ShownRow.consented_on)

    @computed(needs=("label_sv", "label_en"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is a figure of."""
        found: str = self.row["label_en" if lang == "en" else "label_sv"]
        return found
