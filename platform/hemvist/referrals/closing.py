"""A referral under way keeps its case open: the property office waits, or has a home to offer."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession


@hinders_closing
def referral_under_way(session: TenantSession, case: Case) -> str | None:
    """A referral that waits for the property office or is in force; a draft falls with the case."""
    found = session.scalar(
        select(Referral.id).where(
            Referral.case_id == case.id,
            Referral.state.in_(("submitted", *IN_FORCE)),
        )
    )
    return None if found is None else "referral_hinders_closing"
