"""The landlord's quotas: agreed, and what became of it, over every kommun within reach."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import select

from hemvist.clock import today
from hemvist.landlords.landlord_views import KOMMUNER
from hemvist.quotas.calendar import Days
from hemvist.quotas.landlord_record import OwnLine, own_quota_lines
from hemvist_graphql.ids import global_id, row_id_of
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.roots import root


@strawberry.type(description="A quota (kvot) in one period, and what became of it.")
class QuotaLine:
    """A quota in one period."""

    kommun_id: strawberry.ID
    kommun_name: str
    landlord_name: str
    agreement_id: strawberry.ID
    agreement_title: str
    code: str = strawberry.field(description="The same in every version and period.")
    label: str
    kind: str = strawberry.field(
        description="number, owner_directive, beside_requirements, vacated_share, stock_share, "
        "market_share or production_share"
    )
    force: str = strawberry.field(description="binding, target or observed")
    per: str = strawberry.field(description="year, half_year, agreement or standing")
    from_on: dt.date
    to_on: dt.date | None = strawberry.field(
        description="The period's last day; null while the agreement has none."
    )
    until: dt.date = strawberry.field(description="The last day that was counted.")
    agreed: int = strawberry.field(
        description="Homes agreed on for the period, rounded as the agreement says."
    )
    agreed_exact: str = strawberry.field(
        description='The same before rounding, as a fraction such as "14720/365".'
    )
    agreed_by_now: int = strawberry.field(
        description="What should have been delivered by until, spread over the days."
    )
    rounding: str = strawberry.field(description="nearest, up or down")
    unknown_days: int = strawberry.field(
        description="Days of which the figure that the share is taken of is not known."
    )
    offered: int
    accepted: int
    refused: int = strawberry.field(description="Homes that the kommun declined.")
    delivered: int
    returned: int
    in_hand: int = strawberry.field(description="Taken in, and neither let nor given back yet.")
    left: int = strawberry.field(description="Homes that are still to come.")
    forecast: int | None = strawberry.field(
        description="Delivered by the period's end at the pace of the past 365 days; at least what "
        "is in hand. Null where the period has no end, and of standing quotas."
    )


_DOORS = select(
    KOMMUNER.c.tenant_id,
    KOMMUNER.c.landlord_id,
    KOMMUNER.c.id,
    KOMMUNER.c.name,
    KOMMUNER.c.landlord_name,
)


@root(
    description="The landlord's quotas in the periods of a year (this one unless given), by kommun.",
    length=40,
)
def quotas(
    info: Info, kommun: strawberry.ID | None = None, year: int | None = None
) -> list[QuotaLine]:
    """The landlord's quotas."""
    session, day = info.context.session, today()
    doors = {(row.tenant_id, row.landlord_id): row for row in session.execute(_DOORS)}
    chosen = None
    if kommun is not None:
        wanted = row_id_of("Kommun", kommun)
        doors = {side: row for side, row in doors.items() if row.id == wanted}
        if not doors:
            return []
        chosen = next(iter(doors))[0]
    of = year if year is not None and 1950 <= year <= 2150 else day.year
    days = Days(dt.date(of, 1, 1), dt.date(of, 12, 31))
    found = [
        (door, one)
        for one in own_quota_lines(session, days, day, tenant_id=chosen)
        if (door := doors.get((one.tenant_id, one.landlord_id))) is not None
    ]
    found.sort(key=lambda pair: (pair[0].name, pair[0].landlord_name, pair[1].title))
    return [_shown(door, one) for door, one in found]


def _shown(door: Any, own: OwnLine) -> QuotaLine:
    line, counted = own.line, own.line.counted
    return QuotaLine(
        kommun_id=global_id("Kommun", door.id),
        kommun_name=door.name,
        landlord_name=door.landlord_name,
        agreement_id=global_id("Agreement", line.agreement_id),
        agreement_title=own.title,
        code=line.code,
        label=line.term.label,
        kind=line.term.kind,
        force=line.term.force,
        per=line.term.per,
        from_on=line.period.start,
        to_on=line.period.end,
        until=line.until,
        agreed=line.agreed.homes,
        agreed_exact=str(line.agreed.exact),
        agreed_by_now=line.agreed_by_now.homes,
        rounding=line.agreed.rounding,
        unknown_days=line.agreed.unknown_days,
        offered=counted.offered,
        accepted=counted.taken_in,
        refused=counted.refused,
        delivered=counted.delivered,
        returned=counted.returned,
        in_hand=counted.in_hand,
        left=line.left,
        forecast=line.forecast,
    )
