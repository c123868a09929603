"""Facts that the referrals answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case, CaseEvent
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession


@derives
def referral_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """When the case's referral was registered, and how often it had been extended by the day.

    Unknown while none is registered; one that was taken back counts for nothing.
    """
    referral = session.scalar(
        select(Referral)
        .where(
            Referral.case_id == case.id,
            Referral.registered_on <= on,
            Referral.state != "withdrawn",
        )
        .order_by(Referral.registered_on.desc(), Referral.id.desc())
        .limit(1)
    )
    if referral is None:
        return {}
    extended = session.scalar(
        select(func.count(CaseEvent.id)).where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind == "referral_extended",
            CaseEvent.subject_id == referral.id,
            CaseEvent.occurred_on <= on,
        )
    )
    return {"referral_registered_on": referral.registered_on, "referral_extensions": extended}
