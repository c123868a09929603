"""A referral lapses when the right that it carries out has ended (HBG-78, HBG-79)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.decisions.altering import when_right_ends
from hemvist.decisions.models import Decision
from hemvist.identity import Actor
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.referrals.service import end
from hemvist.tenancy import TenantSession

#: Kept as the referral's end reason; the portal words it.
REASON = "right_ended"


@when_right_ends
def lapse(session: TenantSession, actor: Actor, case: Case, decision: Decision, on: date) -> None:
    """Withdraw what waits on the decision; the property office is told as of any withdrawal."""
    waiting = session.scalars(
        select(Referral)
        .where(
            Referral.case_id == case.id,
            Referral.programme == decision.programme,
            Referral.state.in_(("draft", "submitted", *IN_FORCE)),
        )
        .order_by(Referral.id)
    ).all()
    for referral in waiting:
        session.lock(referral)
        end(session, actor, case, referral, state="withdrawn", reason=REASON, on=on)
