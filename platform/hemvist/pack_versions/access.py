"""Who sees which version: found, seen, allowed, in this order."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, select

from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, allows, require
from hemvist.pack_versions.events import PREPARING
from hemvist.pack_versions.models import PackVersion, PackVersionEvent
from hemvist.tenancy import TenantSession


def visible_versions(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``PackVersion``: what was once approved for all who read policy, drafts for those
    who write or approve them."""
    if allows(actor, Action.POLICY_CHANGE) or allows(actor, Action.POLICY_APPROVE):
        return PackVersion.id.is_not(None)
    if allows(actor, Action.POLICY_READ):
        return PackVersion.approved_at.is_not(None)
    return false()


def prepared_by_others(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``PackVersion``: the actor has neither written in it nor sent it for approval."""
    me = actor.principal_id
    if me is None:
        return PackVersion.id.is_not(None)
    wrote = exists(
        select(PackVersionEvent.id).where(
            PackVersionEvent.tenant_id == PackVersion.tenant_id,
            PackVersionEvent.pack_version_id == PackVersion.id,
            PackVersionEvent.kind.in_(PREPARING),
            PackVersionEvent.principal_id == me,
        )
    )
    others = [one.is_distinct_from(me) for one in (PackVersion.made_by, PackVersion.submitted_by)]
    return and_(*others, ~wrote)


def version_for(
    session: TenantSession, actor: Actor, row_id: UUID, action: Action | None = None
) -> PackVersion:
    """The version, if the actor may take ``action`` on it.

    Raises ``NotFound`` when the actor may not even see it, ``NotAllowed`` when the role lacks the
    right.
    """
    version = session.scalar(
        select(PackVersion).where(PackVersion.id == row_id, visible_versions(actor))
    )
    if version is None:
        raise NotFound("PackVersion")
    if action is not None:
        require(actor, action)
    return version
