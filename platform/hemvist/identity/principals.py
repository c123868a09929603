"""Principals and what they may be, as their issuer last said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import real_now
from hemvist.identity.actor import Actor, Membership, Role
from hemvist.identity.issuers import Claims
from hemvist.identity.models import MembershipRow, Principal
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.ids import new_id
from hemvist.tenancy import TenantSession

MAX_NAME = 200


def display_name(claims: Claims) -> str:
    """What to call the bearer of ``claims``: one printable line."""
    for claim in ("name", "preferred_username", "client_name", "sub"):
        value = claims.get(claim)
        if isinstance(value, str):
            name = " ".join("".join(c if c.isprintable() else " " for c in value).split())
            if name:
                return name[:MAX_NAME]
    return "?"


def is_machine(claims: Claims) -> bool:
    """Whether a token speaks for the client itself (RFC 9068 §2.2: its subject is the client)."""
    return claims["sub"] in {claims.get("client_id"), claims.get("azp"), claims.get("appid")}


def find_principal(session: TenantSession, issuer: str, subject: str) -> Principal | None:
    """The principal that ``issuer`` calls ``subject``."""
    return session.scalar(
        select(Principal).where(Principal.issuer == issuer, Principal.subject == subject)
    )


def known_principal(
    session: TenantSession, *, issuer: str, subject: str, kind: str, name: str
) -> Principal:
    """The principal, made at first sight; two first sights at once make one."""
    found = find_principal(session, issuer, subject)
    if found is None:
        session.execute(
            insert(Principal)
            .values(
                tenant_id=session.tenant_id,
                id=new_id(),
                issuer=issuer,
                subject=subject,
                kind=kind,
                status="active",
                display_name=name,
                created_at=real_now(),
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "issuer", "subject"])
        )
        found = find_principal(session, issuer, subject)
        assert found is not None
    if found.status == "blocked":
        raise LoginRefused(Refusal.BLOCKED)
    return found


def memberships_of(session: TenantSession, principal_id: UUID) -> frozenset[Membership]:
    """What the principal holds now."""
    rows = session.scalars(select(MembershipRow).where(MembershipRow.principal_id == principal_id))
    return frozenset(Membership(Role(row.role), row.department) for row in rows)


def refresh_memberships(
    session: TenantSession, principal: Principal, earned: Iterable[Membership], at: datetime
) -> None:
    """Make the principal's memberships equal to ``earned``: what is no longer earned goes at once."""
    wanted = {(membership.role.value, membership.department) for membership in earned}
    rows = session.scalars(
        select(MembershipRow).where(MembershipRow.principal_id == principal.id).with_for_update()
    )
    for row in rows:
        if (row.role, row.department) in wanted:
            wanted.discard((row.role, row.department))
        else:
            session.delete(row)
    for role, department in sorted(wanted):
        session.execute(
            insert(MembershipRow)
            .values(
                tenant_id=session.tenant_id,
                id=new_id(),
                principal_id=principal.id,
                role=role,
                department=department,
                since=at,
            )
            .on_conflict_do_nothing()
        )
    principal.memberships_refreshed_at = at
    session.flush()


def actor_for(
    principal: Principal, memberships: frozenset[Membership], channel: str = "portal"
) -> Actor:
    """The actor that ``principal`` is in a command or a read."""
    return Actor(
        tenant_id=principal.tenant_id,
        principal_id=principal.id,
        name=principal.display_name,
        memberships=memberships,
        channel=channel,
    )
