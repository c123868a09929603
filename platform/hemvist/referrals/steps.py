"""What every act on a referral asks before and writes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, PolicyRefused
from hemvist.identity import Action, Actor
from hemvist.policy import MissingItem
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession


def require_state(referral: Referral, state: str) -> None:
    """Raises ``Conflict`` when the referral is not in ``state``."""
    if referral.state != state:
        raise Conflict("wrong_state", f"the referral is {referral.state}", state=referral.state)


def refuse_missing(items: Sequence[MissingItem]) -> None:
    """Raises ``PolicyRefused`` with what the referral has to hold and does not."""
    if items:
        raise PolicyRefused(
            "contents_missing",
            "the referral does not contain all that the guideline requires",
            cite=", ".join(items[0].cite),
            items=[
                {"id": item.id, "label": item.label.as_json(), "cite": list(item.cite)}
                for item in items
            ],
        )


def record_on(
    session: TenantSession,
    actor: Actor,
    case: Case,
    referral: Referral,
    kind: str,
    day: date,
    action: Action,
) -> None:
    """Timeline, audit and event of an act on the referral."""
    session.flush()
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=action,
        subject_type="referral",
        subject_id=referral.id,
        data={"programme": referral.programme, "state": referral.state},
    )
