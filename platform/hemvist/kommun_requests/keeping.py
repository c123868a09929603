"""What every act on a request leaves behind: its line, the audit entry and the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hemvist import audit, outbox
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.errors import Conflict
from hemvist.identity import Action, Actor
from hemvist.kommun_requests.models import TRANSITIONS, KommunRequest, KommunRequestStep
from hemvist.tenancy import TenantSession


def move(request: KommunRequest, state: str) -> None:
    """Let the request go on to ``state``. Raises ``Conflict`` where it cannot."""
    if state not in TRANSITIONS[request.state]:
        raise Conflict("kommun_request_moved_on", "it cannot go there", state=request.state)
    request.state = state


def keep_step(
    session: TenantSession,
    actor: Actor,
    request: KommunRequest,
    case: Case,
    kind: str,
    day: date,
    *,
    action: Action,
    notes: str = "",
    ground: str = "",
    fields: Sequence[str] = (),
    recipient: str = "",
    consent_on: date | None = None,
) -> KommunRequestStep:
    """Write the line of an act with its audit entry and event, neither of which names the kommun.

    No line on the case's timeline: whoever reads the case would learn that a move is prepared.
    """
    session.flush()
    step = session.save(
        KommunRequestStep(
            case_id=case.id,
            request_id=request.id,
            kind=kind,
            done_on=day,
            recorded_at=now(),
            recorded_by=actor.principal_id,
            notes=notes.strip() or None,
            ground=ground,
            fields=sorted(fields),
            recipient=recipient or None,
            consent_on=consent_on,
        )
    )
    details = {"event": kind, "ground": ground, "fields": sorted(fields)} if ground else {}
    audit.record(
        session,
        actor,
        action,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="kommun_request",
        subject_id=request.id,
        details=details or {"event": kind},
    )
    outbox.emit(
        session,
        "kommun_request_moved",
        {"subject_type": "kommun_request", "subject_id": request.id, "on": day},
    )
    return step
