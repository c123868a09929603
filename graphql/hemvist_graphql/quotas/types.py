"""Quotas in periods: agreed, and what became of it; the figures that shares are taken of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import strawberry
from sqlalchemy import select

from hemvist.agreements.models import Agreement as AgreementRow
from hemvist.clock import today
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.quotas.calendar import Days
from hemvist.quotas.models import QuotaBase as BaseRow
from hemvist.quotas.models import QuotaPlacement as PlacementRow
from hemvist.quotas.picture import Line
from hemvist.quotas.record import quota_lines
from hemvist.tenancy import TenantSession
from hemvist_graphql.agreements.seeing import for_readers
from hemvist_graphql.context import Context
from hemvist_graphql.ids import global_id, row_id_of
from hemvist_graphql.reading import Node, column, computed, opened, reads, to_one
from hemvist_graphql.refs import AgreementRef, LandlordRef, PrincipalRef, UnitRef


@strawberry.type(description="A quota in one period, and what became of it.")
class QuotaLine:
    """A quota in one period."""

    agreement_id: strawberry.ID
    agreement_title: str
    landlord_id: strawberry.ID
    landlord_name: str
    line: strawberry.Private[Line]

    @computed(description="The same in every version and period.")
    def code(self) -> str:
        """The quota's code."""
        return self.line.code

    @computed()
    def label(self) -> str:
        """The quota in the agreement's words."""
        return self.line.term.label

    @computed(description="As QuotaTerm.kind.")
    def kind(self) -> str:
        """How the figure comes about."""
        return self.line.term.kind

    @computed(description="binding, target or observed")
    def force(self) -> str:
        """How binding it is."""
        return self.line.term.force

    @computed(description="year, half_year, agreement or standing")
    def per(self) -> str:
        """What it is counted by."""
        return self.line.term.per

    @computed()
    def from_on(self) -> dt.date:
        """The period's first day."""
        return self.line.period.start

    @computed(description="The period's last day; null while the agreement has none.")
    def to_on(self) -> dt.date | None:
        """The period's last day."""
        return self.line.period.end

    @computed(description="The last day that was counted.")
    def until(self) -> dt.date:
        """The last day that was counted."""
        return self.line.until

    @computed(description="Homes agreed on for the period, rounded as the agreement says.")
    def agreed(self) -> int:
        """Homes agreed on."""
        return self.line.agreed.homes

    @computed(description='The same before rounding, as a fraction such as "14720/365".')
    def agreed_exact(self) -> str:
        """Homes agreed on, exactly."""
        return str(self.line.agreed.exact)

    @computed(description="What should have been delivered by until, spread over the days.")
    def agreed_by_now(self) -> int:
        """What should have been delivered by now."""
        return self.line.agreed_by_now.homes

    @computed(description="nearest, up or down")
    def rounding(self) -> str:
        """How it is rounded."""
        return self.line.agreed.rounding

    @computed(description="Days of which the figure that the share is taken of is not known.")
    def unknown_days(self) -> int:
        """Days without a figure."""
        return self.line.agreed.unknown_days

    @computed(description="Homes that the landlord offered.")
    def offered(self) -> int:
        """Homes offered."""
        return self.line.counted.offered

    @computed(description="Homes that the kommun took in.")
    def accepted(self) -> int:
        """Homes taken in."""
        return self.line.counted.taken_in

    @computed(description="Homes that the kommun declined.")
    def refused(self) -> int:
        """Homes declined."""
        return self.line.counted.refused

    @computed(
        description="Homes let to a household (or taken in, where the quota counts so); of a "
        "standing quota those that the kommun has on until."
    )
    def delivered(self) -> int:
        """Homes delivered."""
        return self.line.counted.delivered

    @computed(description="Homes that were given back.")
    def returned(self) -> int:
        """Homes given back."""
        return self.line.counted.returned

    @computed(description="Taken in, and neither let nor given back yet.")
    def in_hand(self) -> int:
        """Homes in hand."""
        return self.line.counted.in_hand

    @computed(description="Homes that are still to come.")
    def left(self) -> int:
        """Homes to come."""
        return self.line.left

    @computed(
        description="Delivered by the period's end at the pace of the past 365 days; at least what "
        "is in hand. Null where the period has no end, and of standing quotas."
    )
    def forecast(self) -> int | None:
        """Delivered by the period's end, if it goes on so."""
        return self.line.forecast


@reads(BaseRow, visible=for_readers(BaseRow))
@strawberry.type(description="A figure that shares are taken of.")
class QuotaBase(Node):
    """A figure that shares are taken of."""

    kind: str = column(
        BaseRow.kind, description="vacated, stock, market, production (homes completed) or need"
    )
    landlord: LandlordRef | None = to_one("Landlord", BaseRow.landlord_id)
    agreement: AgreementRef | None = to_one("Agreement", BaseRow.agreement_id)
    area: str = column(BaseRow.area)
    from_on: dt.date = column(BaseRow.from_on)
    to_on: dt.date | None = column(BaseRow.to_on)
    homes: int = column(BaseRow.homes)
    source: str = column(BaseRow.source)
    recorded_on: dt.date = column(BaseRow.recorded_on)
    recorded_by: PrincipalRef | None = to_one("Principal", BaseRow.recorded_by)
    taken_back_on: dt.date | None = column(BaseRow.taken_back_on)
    version: int = column(BaseRow.version)


@reads(PlacementRow, visible=for_readers(PlacementRow))
@strawberry.type(description="A person's word on which quota a home counts towards.")
class QuotaPlacement(Node):
    """What a home counts towards."""

    unit: UnitRef | None = to_one("Unit", PlacementRow.unit_id)
    agreement: AgreementRef | None = to_one("Agreement", PlacementRow.agreement_id)
    code: str | None = column(PlacementRow.code, description="Null counts towards nothing.")
    because: str = opened(PlacementRow.because)
    placed_on: dt.date = column(PlacementRow.placed_on)
    placed_by: PrincipalRef | None = to_one("Principal", PlacementRow.placed_by)


def shown_lines(
    context: Context, year: int | None, landlord: str | None, agreement: str | None
) -> list[QuotaLine]:
    """The quotas of a year, by landlord, agreement, quota and period."""
    day = today()
    wanted = year if year is not None and 1950 <= year <= 2150 else day.year
    days = Days(dt.date(wanted, 1, 1), dt.date(wanted, 12, 31))
    landlord_id = None if landlord is None else row_id_of("Landlord", landlord)
    agreement_id = None if agreement is None else row_id_of("Agreement", agreement)
    if (landlord is None) != (landlord_id is None):
        return []
    if agreement is not None and not _is_there(context.session, agreement_id):
        return []
    lines = quota_lines(
        context.session, days, landlord_id=landlord_id, agreement_id=agreement_id, until=day
    )
    return _worded(context.session, lines)


def _is_there(session: TenantSession, agreement_id: Any) -> bool:
    found = session.scalar(select(AgreementRow.id).where(AgreementRow.id == agreement_id))
    return agreement_id is not None and found is not None


def _worded(session: TenantSession, lines: Iterable[Line]) -> list[QuotaLine]:
    named = {
        row.id: row
        for row in session.execute(
            select(
                AgreementRow.id,
                AgreementRow.title,
                AgreementRow.landlord_id,
                LandlordRow.name,
            ).join(LandlordRow, LandlordRow.id == AgreementRow.landlord_id)
        )
    }
    found = [
        QuotaLine(
            agreement_id=global_id("Agreement", one.agreement_id),
            agreement_title=named[one.agreement_id].title,
            landlord_id=global_id("Landlord", named[one.agreement_id].landlord_id),
            landlord_name=named[one.agreement_id].name,
            line=one,
        )
        for one in lines
    ]
    found.sort(key=lambda one: (one.landlord_name, one.landlord_id, one.agreement_title))
    return found
