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
    """Whether a guarantee holds, and for how many whole months it has."""
    guarantee = session.scalar(
        select(Guarantee)
        .where(Guarantee.case_id == case.id, Guarantee.starts_on <= on)
        .order_by(Guarantee.starts_on.desc())
        .limit(1)
    )
    if guarantee is None:
        return {"guarantee_in_force": False}
    started = guarantee.starts_on
    months = (on.year - started.year) * 12 + on.month - started.month - (on.day < started.day)
    return {
        "guarantee_in_force": guarantee.state == "active" and on < guarantee.ends_on,
        "months_with_guarantee": months,
    }
