"""Facts that the referrals answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from hemvist.cases.derived import derives
from hemvist.cases.models import CaseEvent
from hemvist.referrals.models import Referral
from hemvist.tenancy.statements import Ask, of_tenant

_REGISTERED = Ask(
    select(
        Referral.registered_on,
        select(func.count(CaseEvent.id))
        .where(
            CaseEvent.tenant_id == Referral.tenant_id,
            CaseEvent.case_id == Referral.case_id,
            CaseEvent.kind == "referral_extended",
            CaseEvent.subject_id == Referral.id,
            CaseEvent.occurred_on <= bindparam("day"),
        )
        .correlate(Referral)
        .scalar_subquery(),
    )
    .where(
        Referral.tenant_id == of_tenant(),
        Referral.case_id == bindparam("case"),
        Referral.registered_on <= bindparam("day"),
        Referral.state != "withdrawn",
    )
    .order_by(Referral.registered_on.desc(), Referral.id.desc())
    .limit(1)
)


@derives(_REGISTERED)
def referral_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """When the case's referral was registered, and how often it had been extended by the day.

    Unknown while none is registered; one that was taken back counts for nothing.
    """
    if not rows:
        return {}
    ((registered_on, extended),) = rows
    return {"referral_registered_on": registered_on, "referral_extensions": extended}
