"""What the demo's past left in the outbox: told already, but for what still waits for somebody."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from hemvist.tenancy import Audience, tenant_session
from hemvist_workers.handlers import NOTICES

#: Events that somebody has yet to act on, when nothing came after them in the case.
_WAITING = ("decision_proposed", "referral_submitted", "referral_returned", "offer_made")
#: What goes on beside the case: it answers nothing of the above.
_BESIDE = ("landlord_time_proposed", "landlord_event_recorded")

_SETTLE = text(
    """
    UPDATE outbox_events AS told SET relayed_at = told.occurred_at
    WHERE told.tenant_id = :tenant AND told.relayed_at IS NULL
    AND NOT (
        told.type = ANY(:waiting)
        AND NOT EXISTS (
            SELECT 1 FROM outbox_events AS later
            WHERE later.tenant_id = told.tenant_id AND later.id > told.id
            AND later.relayed_at IS NULL
            AND later.payload->>'case_id' = told.payload->>'case_id'
            AND later.type <> ALL(:beside)
        )
    )
    """
)


#: What is relayed long ago without a receipt is relayed again; a notice of it would be news then.
_TOLD = text(
    """
    INSERT INTO inbox_receipts (tenant_id, id, handler, event_id, handled_at)
    SELECT tenant_id, gen_random_uuid(), :handler, id, relayed_at
    FROM outbox_events WHERE tenant_id = :tenant AND relayed_at IS NOT NULL
    ON CONFLICT (tenant_id, handler, event_id) DO NOTHING
    """
)


def settle(tenant_id: UUID) -> None:
    """Mark the events of a finished batch as relayed, so that a run does not begin with thousands.

    The newest event of a case that waits for an answer is left, and becomes a notice.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        session.execute(
            _SETTLE, {"tenant": tenant_id, "waiting": list(_WAITING), "beside": list(_BESIDE)}
        )
        session.execute(_TOLD, {"tenant": tenant_id, "handler": NOTICES})
