"""Facts that the guarantees answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from hemvist.cases.derived import derives
from hemvist.guarantees.models import Guarantee
from hemvist.tenancy.statements import Ask, of_tenant

_GUARANTEES = Ask(
    select(
        Guarantee.issued_on,
        Guarantee.starts_on,
        Guarantee.ends_on,
        Guarantee.months,
        Guarantee.ended_on,
    ).where(Guarantee.tenant_id == of_tenant(), Guarantee.case_id == bindparam("case"))
)


@derives(_GUARANTEES)
def guarantee_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """Whether a guarantee holds, for how many whole months it has, and how long it was given for.

    Its length is known from the day it was given, which may lie before its first day.
    """
    given = [(issued, starts, months) for issued, starts, _, months, _ in rows if issued <= on]
    facts: dict[str, Any] = {"guarantee_in_force": False}
    if given:
        facts["guarantee_months"] = max(given)[2]
    begun = [
        (starts, min(ends, ended or ends)) for _, starts, ends, _, ended in rows if starts <= on
    ]
    if not begun:
        return facts
    started, until = max(begun)
    months = (on.year - started.year) * 12 + on.month - started.month - (on.day < started.day)
    return facts | {
        "guarantee_in_force": on < until,
        "months_with_guarantee": months,
    }
