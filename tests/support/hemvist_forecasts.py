"""A kommun of which three years are told, as telling tells them: what forecasts are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from hemvist.db import Audience
from hemvist.indicators.models import IndicatorTold
from hemvist.policy import add_months
from hemvist.tenancy import tenant_session

#: Each month ten come to wait, eight move in, five homes are let no longer (three taken over).
COMING, MOVING, LEAVING, ON = 10, 8, 5, 3


def told_month(today: date, back: int) -> date:
    """The first day of a month, so many before this one."""
    return add_months(today.replace(day=1), -back)


def tell(
    tenant_id: UUID,
    lines: Iterable[tuple[str, date, date, int | None]],
    *,
    version: int = 1,
    margin: str = "all",
) -> None:
    """Have numbers told: indicator, first month, last month, facts."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        for indicator, first, last, facts in lines:
            session.add(
                IndicatorTold(
                    indicator=indicator,
                    version=version,
                    margin=margin,
                    cells=[""],
                    from_month=first,
                    to_month=last,
                    facts=facts,
                    told_at=datetime.now(UTC),
                )
            )


def tell_years(
    tenant_id: UUID, today: date, months: int = 37, until: int = 1, *, homes_told: bool = True
) -> None:
    """Have so many months told, the last ``until`` months before this one: even flows."""
    lines: list[tuple[str, date, date, int | None]] = []
    for number in range(months):
        month = told_month(today, months - 1 - number + until)
        lines += [
            ("waiting", month, month, (100 + (COMING - MOVING) * number) // 5 * 5),
        ]
        if (months - 1 - number) % 3:
            continue
        # By quarters: homes are told in steps of five, and not each month.
        homes = (200 + (MOVING - LEAVING) * number) // 5 * 5
        if homes_told:
            lines.append(("homes_running", month, month, homes))
        if number >= 3:
            first = add_months(month, -2)
            lines.append(("moved_in", first, month, 3 * MOVING))
            lines.append(("moved_on", first, month, 3 * ON))
    tell(tenant_id, lines)
