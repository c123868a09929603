"""Facts that the guarantees answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case
from hemvist.guarantees.models import Guarantee
from hemvist.tenancy import TenantSession


@derives
def guarantee_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """Whether a guarantee holds, for how many whole months it has, and how long it was given for.

    Its length is known from the day it was given, which may lie before its first day.
    """
    given = session.scalar(
        select(Guarantee.months)
        .where(Guarantee.case_id == case.id, Guarantee.issued_on <= on)
        .order_by(Guarantee.issued_on.desc(), Guarantee.starts_on.desc())
        .limit(1)
    )
    facts: dict[str, Any] = {"guarantee_in_force": False}
    if given is not None:
        facts["guarantee_months"] = given
    guarantee = session.scalar(
        select(Guarantee)
        .where(Guarantee.case_id == case.id, Guarantee.starts_on <= on)
        .order_by(Guarantee.starts_on.desc())
        .limit(1)
    )
    if guarantee is None:
        return facts
    started = guarantee.starts_on
    months = (on.year - started.year) * 12 + on.month - started.month - (on.day < started.day)
    return facts | {
        "guarantee_in_force": guarantee.state == "active" and on < guarantee.ends_on,
        "months_with_guarantee": months,
    }
