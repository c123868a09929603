"""What is asked of facts: by day or months, programme, step, area and group."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, any_, literal, or_

from hemvist.errors import ValidationFailed
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.indicators.models import IndicatorFact as FactRow
from hemvist.indicators.snapshots import month_of
from hemvist.policy import add_months
from hemvist_graphql.indicators.seeing import TRANSFERS, tells_area
from hemvist_graphql.roots.filtering import short

Conditions = list[ColumnElement[bool]]


def definition_of(code: str, field: str = "code") -> Definition:
    """The definition of an indicator. Raises ``ValidationFailed`` (unknown_indicator)."""
    found = catalogue().get(short(field, code))
    if found is None:
        raise ValidationFailed.one(field, "unknown_indicator", "no such indicator")
    return found


def on_day(definition: Definition, day: dt.date) -> Conditions:
    """Of a stock what holds on a day; of a flow what happened in its month up to it."""
    if definition.kind == "stock":
        return [FactRow.begins <= day, or_(FactRow.ends.is_(None), FactRow.ends > day)]
    return [FactRow.begins >= month_of(day), FactRow.begins <= day]


def in_months(
    definition: Definition, from_month: dt.date | None, to_month: dt.date | None
) -> Conditions:
    """Of a flow what happened in these months, of a stock what held on a day of them."""
    ordered(from_month, to_month)
    found: Conditions = []
    if from_month is not None:
        first = month_of(from_month)
        if definition.kind == "stock":
            found.append(or_(FactRow.ends.is_(None), FactRow.ends > first))
        else:
            found.append(FactRow.begins >= first)
    if to_month is not None:
        found.append(FactRow.begins < add_months(month_of(to_month), 1))
    return found


def in_cell(
    programme: str | None = None,
    step: str | None = None,
    area: str | None = None,
    group: str | None = None,
) -> Conditions:
    """Facts of a programme, a step (with or without its programme before a colon), an area, a group."""
    found: Conditions = []
    if step is not None:
        before, colon, after = short("step", step).rpartition(":")
        found.append(FactRow.step == after)
        if colon:
            found.append(FactRow.programme == before)
    if programme is not None:
        found.append(FactRow.programme == short("programme", programme))
    if area is not None:
        # Asked for by area, a protected household would be found in one.
        found += [FactRow.area == short("area", area), tells_area()]
    if group is not None:
        found.append(literal(short("group", group)) == any_(FactRow.groups))
    return found


def ordered(from_month: dt.date | None, to_month: dt.date | None) -> None:
    """Raise ``ValidationFailed`` (before_from) when the months end before they begin."""
    if (
        from_month is not None
        and to_month is not None
        and month_of(to_month) < month_of(from_month)
    ):
        raise ValidationFailed.one("toMonth", "before_from", "the months end before they begin")


def not_of_transfers(definition: Definition, **given: object) -> None:
    """Raise ``ValidationFailed`` (not_of_transfers) when transfers are asked for by anything at all."""
    if definition.code != TRANSFERS:
        return
    for field, value in given.items():
        if value is not None:
            raise ValidationFailed.one(field, "not_of_transfers", "transfers are not told by this")
