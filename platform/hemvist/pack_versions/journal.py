"""One call writes everything that a step of a version must leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist import audit, outbox
from hemvist.clock import now
from hemvist.errors import Conflict
from hemvist.identity import Actor
from hemvist.pack_versions.events import Step
from hemvist.pack_versions.library import packs_of
from hemvist.pack_versions.models import TRANSITIONS, PackVersion, PackVersionEvent
from hemvist.tenancy import TenantSession


def move(version: PackVersion, state: str) -> None:
    """Bring a version into another state. Raises ``Conflict`` when there is no such move."""
    if state not in TRANSITIONS[version.state]:
        raise Conflict(
            "version_state",
            f"a version that is {version.state} does not become {state}",
            state=version.state,
            wanted=state,
        )
    version.state = state


def record(
    session: TenantSession,
    actor: Actor,
    version: PackVersion,
    step: Step,
    *,
    action: str,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write the history's line, the audit entry and the event."""
    session.flush()
    session.save(
        PackVersionEvent(
            pack_version_id=version.id,
            at=now(),
            kind=step.value,
            state=version.state,
            content_hash=version.content_hash,
            principal_id=actor.principal_id,
            actor_name=actor.name,
            reason=reason,
            data=dict(data or {}),
        )
    )
    audit.record(
        session,
        actor,
        action,
        subject_type="pack_version",
        subject_id=version.id,
        details={
            "event": step.value,
            "pack": version.pack,
            "version": version.number,
            **(data or {}),
        },
    )
    outbox.emit(
        session,
        step.event,
        {
            "pack_version_id": version.id,
            "pack": version.pack,
            "version": version.number,
            "by": actor.principal_id,
        },
    )
    # What was read of the kommun's versions in this session may be otherwise now.
    packs_of(session).forget()
