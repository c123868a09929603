"""Facts that the record of arrears answers, where a landlord's file covers the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from hemvist.arrears.models import RentAccount, RentMonth
from hemvist.cases.derived import derives
from hemvist.tenancy.statements import Ask, of_tenant


class _Month(NamedTuple):
    """A month's rent of a tenancy of the case, and the day as of which its landlord told of it."""

    position_on: date
    month: date
    due_on: date
    owed_ore: int
    paid_on: date | None


_MONTHS = Ask(
    select(
        RentAccount.position_on,
        RentMonth.month,
        RentMonth.due_on,
        RentMonth.owed_ore,
        RentMonth.paid_on,
    )
    .join(
        RentMonth,
        (RentMonth.tenant_id == RentAccount.tenant_id) & (RentMonth.account_id == RentAccount.id),
    )
    .where(
        RentAccount.tenant_id == of_tenant(),
        RentMonth.tenant_id == of_tenant(),
        RentAccount.case_id == bindparam("case"),
    )
)


@derives(_MONTHS)
def arrears_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """What is owed on a day, and the rents that were late by then.

    Known only where a file shows the tenancy as of the day's month or later: what no landlord has told
    is never taken for paid. A rent that was paid after the day was owed on it, but how much of it is
    not told: then nothing is said of the sum.
    """
    months = [_Month(*row) for row in rows]
    covering = [one for one in months if one.position_on >= on.replace(day=1)]
    if not covering:
        return {}
    due = [one for one in covering if one.due_on < on]
    late = [
        {
            "month": one.month,
            "paid_on": one.paid_on if one.paid_on is not None and one.paid_on <= on else None,
            "amount": one.owed_ore,
        }
        for one in due
        if one.owed_ore > 0 or (one.paid_on is not None and one.paid_on > one.due_on)
    ]
    facts: dict[str, Any] = {"late_rents": sorted(late, key=lambda one: str(one["month"]))}
    if not any(one.paid_on is not None and one.paid_on > on for one in due):
        facts["arrears_ore"] = sum(one.owed_ore for one in due)
    return facts
