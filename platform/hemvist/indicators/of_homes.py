"""What is of homes and money and of no household: quotas agreed and delivered, and costs avoided.

It is not counted from cases. Costs avoided are reckoned from the told number of homes alone, so that they
tell nothing that it does not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from hemvist.agreements.models import Agreement
from hemvist.clock import now
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.indicators.models import IndicatorSnapshot, IndicatorTold
from hemvist.indicators.snapshots import BACK, month_of
from hemvist.policy import add_months
from hemvist.quotas.calendar import Days
from hemvist.quotas.picture import lines
from hemvist.quotas.record import HELD, materials
from hemvist.tenancy import TenantSession

AGREED, DELIVERED, AVOIDED, HOMES = (
    "quota_agreed",
    "quota_delivered",
    "cost_avoided",
    "homes_running",
)


@dataclass(frozen=True, slots=True)
class Price:
    """What the kommun assumes of temporary housing (tillfälligt boende) from a day on.

    ``night_ore``: what a household's night there costs it; ``rent_ore``: the rent of a home of its own
    for a month. ``cite``: where that is from.
    """

    since: date
    night_ore: int
    rent_ore: int
    cite: str


def keep(session: TenantSession, today: date, prices: Sequence[Price]) -> int:
    """Keep what is missing of the months before ``today``'s; how many. Does not commit.

    To be asked for when the households' numbers have been told. Where no price is known no cost is.
    """
    written = _keep_quotas(session, today)
    if prices:
        written += _keep_costs(session, sorted(prices, key=lambda one: one.since))
    return written


def avoided_ore(homes: int, month: date, price: Price) -> int:
    """What so many homes saved in a month, öre; less than nothing where they cost more."""
    days = (add_months(month, 1) - month).days
    return homes * (days * price.night_ore - price.rent_ore)


def _keep_quotas(session: TenantSession, today: date) -> int:
    definitions = [catalogue()[code] for code in (AGREED, DELIVERED)]
    first = session.scalars(
        select(func.min(Agreement.starts_on)).where(Agreement.state.in_(HELD))
    ).one()
    if first is None:
        return 0
    this = month_of(today)
    month, months = max(month_of(first), add_months(this, -BACK)), list[date]()
    while month < this:
        months.append(month)
        month = add_months(month, 1)
    there = {one.code: _kept(session, one) for one in definitions}
    missing = [month for month in months if any(month not in kept for kept in there.values())]
    if not missing:
        return 0
    homes: Counter[tuple[str, date]] = Counter()
    # From the first agreement on: one that ended within a period has no day in the month in which the
    # period does, and its quota counts in that month all the same.
    within = Days(min(first, missing[0]), this - timedelta(days=1))
    for material in materials(session).values():
        for line in lines(material, within, within.end or this):
            end = line.period.end
            if line.term.per == "standing" or line.term.within_code is not None or end is None:
                continue
            homes[AGREED, month_of(end)] += line.agreed.homes
            homes[DELIVERED, month_of(end)] += line.counted.delivered
    written = 0
    for definition in definitions:
        for month in missing:
            if month not in there[definition.code]:
                _add(session, definition, month, homes[definition.code, month], 0)
                written += 1
    return written


def _keep_costs(session: TenantSession, prices: Sequence[Price]) -> int:
    definition, homes = catalogue()[AVOIDED], catalogue()[HOMES]
    there, written = _kept(session, definition), 0
    told = session.execute(
        select(IndicatorTold.to_month, IndicatorTold.facts)
        .where(
            IndicatorTold.indicator == homes.code,
            IndicatorTold.version == homes.version,
            IndicatorTold.margin == "all",
            IndicatorTold.facts.is_not(None),
        )
        .order_by(IndicatorTold.to_month)
    )
    for month, facts in told:
        price = next((one for one in reversed(prices) if one.since <= month), None)
        if price is not None and month not in there:
            _add(session, definition, month, facts, avoided_ore(facts, month, price))
            written += 1
    return written


def _kept(session: TenantSession, definition: Definition) -> set[date]:
    return set(
        session.scalars(
            select(IndicatorSnapshot.month).where(
                IndicatorSnapshot.indicator == definition.code,
                IndicatorSnapshot.version == definition.version,
                IndicatorSnapshot.margin == "all",
            )
        )
    )


def _add(
    session: TenantSession, definition: Definition, month: date, facts: int, amount: int
) -> None:
    session.add(
        IndicatorSnapshot(
            indicator=definition.code,
            version=definition.version,
            month=month,
            margin="all",
            cell="",
            facts=facts,
            households=0,
            met=0,
            amount=amount,
            middle=None,
            counted_at=now(),
        )
    )
