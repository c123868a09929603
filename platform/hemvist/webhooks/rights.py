"""Who may look after a landlord's connections: its administrators, and nobody of a kommun."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hemvist.errors import NotFound
from hemvist.identity import Actor
from hemvist.landlords.models import LandlordMember
from hemvist.tenancy import TenantSession
from hemvist.tenancy.platform import PLATFORM_TENANT


def require_administrator(session: TenantSession, actor: Actor, landlord_id: UUID) -> None:
    """Raise ``NotFound`` unless the actor is an administrator of the landlord just now."""
    found = None
    if session.tenant_id == PLATFORM_TENANT and actor.tenant_id == PLATFORM_TENANT:
        found = session.scalar(
            select(LandlordMember.id).where(
                LandlordMember.principal_id == actor.principal_id,
                LandlordMember.landlord_id == landlord_id,
                LandlordMember.level == "administrator",
                LandlordMember.status == "active",
            )
        )
    if found is None:
        raise NotFound("Landlord")
