"""Every look and every act on protected moves, as the kommun's own log reviewer reads them.

Who, when and what: never of which household or which flat. A reviewer who finds a coordinator looking too
often asks the coordinator, not the platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from hemvist import audit
from hemvist.audit import AuditEntry
from hemvist.identity import Action, Actor, require
from hemvist.identity.models import Principal
from hemvist.tenancy import TenantSession

#: The latest that are shown.
MOST = 500
_ACTS = "transfer."
_MADE_AGAIN = "reconstructed"


@dataclass(frozen=True, slots=True)
class Line:
    """A look or an act of somebody."""

    at: datetime
    #: "" for whoever runs the platform, who can have a proposal made again from what was kept.
    person: str
    #: An action of the role matrix; a look at a page is one of reading.
    action: str
    #: What was done, such as "accepted"; "looked" for a look at a page.
    event: str
    #: Requests, flats and proposals that it showed or changed.
    rows: int


def lines(session: TenantSession, actor: Actor, *, since: datetime) -> list[Line]:
    """The latest since an instant, the newest first. That the log was read is logged.

    Raises ``NotAllowed``.
    """
    require(actor, Action.LOG_REVIEW)
    found = session.execute(
        select(
            AuditEntry.at,
            Principal.display_name,
            AuditEntry.action,
            AuditEntry.details,
        )
        .outerjoin(
            Principal,
            (Principal.tenant_id == AuditEntry.tenant_id)
            & (Principal.id == AuditEntry.principal_id),
        )
        .where(
            AuditEntry.at >= since,
            or_(
                AuditEntry.action.startswith(_ACTS, autoescape=True),
                AuditEntry.details["looked_at"].is_not(None),
            ),
            # What the worker does by itself is no look of anybody's.
            or_(
                AuditEntry.principal_id.is_not(None),
                func.jsonb_extract_path_text(AuditEntry.details, "event") == _MADE_AGAIN,
            ),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    ).all()
    audit.record(session, actor, Action.LOG_REVIEW, kind="read", details={"log": "transfers"})
    return [
        Line(
            at=at,
            person=person or "",
            action=action if action.startswith(_ACTS) else Action.TRANSFER_READ.value,
            event=str(details.get("event", "looked")),
            rows=len(details["looked_at"]) if "looked_at" in details else 1,
        )
        for at, person, action, details in found
    ]
