"""The clocks of service that a step of the ladder starts, and those that it stops."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession


def start(
    session: TenantSession,
    actor: Actor,
    case: Case,
    event: str,
    at: datetime,
    subject: tuple[str, UUID],
) -> None:
    """Start what the guideline and the law promise after the event."""


def stop(
    session: TenantSession, actor: Actor, case: Case, subject: tuple[str, UUID], at: datetime
) -> None:
    """Stop the clocks that run on a subject: what was promised has been done."""
