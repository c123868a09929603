"""Commands on notices."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.notices import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to


@strawberry.input
class MarkNoticeReadInput:
    """A notice that was read."""

    idempotency_key: str
    notice_id: strawberry.ID = refers_to("Notice")


@command(
    MarkNoticeReadInput,
    gives="notice",
    description="Mark a notice as read, for everybody whom it was given to.",
)
def mark_notice_read(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Mark a notice as read."""
    return service.mark_read(session, actor, values["notice_id"])
