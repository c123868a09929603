"""Invitations to act for a landlord: one invites, another confirms, the invited one accepts.

The first people of a landlord are invited and confirmed by two of a kommun, until it has two
administrators; from then on by two of those, so that no kommun gives away what a landlord sees in
another. Nobody confirms what they have invited themselves, and nobody accepts
but whoever logs in with the very address that the invitation is made out to.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.clock import now, real_now
from hemvist.errors import Conflict, NotAllowed, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor, Membership, Role, require
from hemvist.landlords.access import access_of, require_open
from hemvist.landlords.models import (
    INVITED_KINDS,
    LEVELS,
    LandlordDistrict,
    LandlordInvitation,
    LandlordMember,
)
from hemvist.outbox import emit
from hemvist.tenancy import Audience, Tenant, TenantSession, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.platform import PLATFORM_TENANT

INVITED_FIELD = "landlord_invitations.invited"
EMAIL_FIELD = "landlord_members.email"
TOKEN_FIELD = "landlord_invitations.token"  # noqa: S105 - the name of a column
#: How long a confirmed invitation can be accepted.
LIFETIME = timedelta(days=14)
#: Of the outbox.
INVITED, CONFIRMED, ACCEPTED = (
    "landlord_invited",
    "landlord_invitation_confirmed",
    "landlord_member_joined",
)

#: Administrators from which on a landlord looks after its people itself.
ENOUGH = 2

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_CLIENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,80}")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An invitation that can be accepted, and its token."""

    invitation: LandlordInvitation
    token: str


def invite(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    invited: str,
    level: str = "agent",
    kind: str = "person",
    districts: Sequence[UUID] = (),
) -> LandlordInvitation:
    """Invite ``invited`` (an e-mail address, or the client id of a machine) to act for the landlord.

    In a kommun's session by its staff, where the door is open; in the landlords' session by an
    administrator of the landlord. ``districts`` narrow what an agent sees. Raises ``NotAllowed``,
    ``NotFound``, ``Conflict``, ``ValidationFailed``.
    """
    _require_right(session, actor, landlord_id)
    address = invited.strip().lower() if kind == "person" else invited.strip()
    problems = []
    if kind not in INVITED_KINDS:
        problems.append(Problem("kind", "unknown_choice", "a person or a machine"))
    elif not (_EMAIL if kind == "person" else _CLIENT).fullmatch(address) or len(address) > 254:
        rule = "invited_email" if kind == "person" else "invited_client"
        problems.append(Problem("invited", rule, "not an address of that kind"))
    if level not in LEVELS:
        problems.append(Problem("level", "unknown_choice", "agent or administrator"))
    elif level == "administrator" and (districts or kind == "machine"):
        problems.append(Problem("level", "whole_landlord", "an administrator is a person of all"))
    problems += check_districts(session, landlord_id, districts)
    if problems:
        raise ValidationFailed(problems)
    row = session.save(
        LandlordInvitation(
            landlord_id=landlord_id,
            kind=kind,
            invited_sealed=tenant_keys(session.tenant_id).seal(INVITED_FIELD, address),
            level=level,
            districts=list(dict.fromkeys(districts)),
            status="proposed",
            invited_by=actor.principal_id,
            invited_at=now(),
        )
    )
    _record(session, actor, row, "invite")
    emit(session, INVITED, {"landlord_invitation_id": row.id})
    return row


def confirm(
    session: TenantSession, actor: Actor, *, invitation_id: UUID, expected_version: int
) -> Confirmed:
    """Confirm what somebody else has invited; gives the token of the link.

    Raises ``NotAllowed`` to the one who invited, ``Conflict`` where it is no longer proposed.
    """
    row = _changed(session, actor, invitation_id, expected_version)
    if actor.principal_id == row.invited_by:
        raise NotAllowed(
            Action.LANDLORD_ADMIT.value, "nobody approves what they prepared themselves"
        )
    if row.status != "proposed":
        raise Conflict("landlord_invitation", f"it is {row.status}", status=row.status)
    token = token_of(row.tenant_id, row.id)
    row.status, row.confirmed_by, row.confirmed_at = "confirmed", actor.principal_id, now()
    row.token_sha256 = _digest(token.partition(".")[2])
    row.ends_at = real_now() + LIFETIME
    _record(session, actor, row, "confirm")
    emit(session, CONFIRMED, {"landlord_invitation_id": row.id})
    return Confirmed(row, token)


def withdraw(
    session: TenantSession, actor: Actor, *, invitation_id: UUID, expected_version: int
) -> LandlordInvitation:
    """Take an invitation back that nobody has accepted; its link is worth nothing from then on."""
    row = session.find(LandlordInvitation, invitation_id)
    if session.tenant_id != PLATFORM_TENANT:
        require(actor, Action.LANDLORD_ADMIT)
    elif not administers(session, actor, row.landlord_id):
        raise NotFound("LandlordInvitation")
    session.change(row, expected_version)
    if row.status not in ("proposed", "confirmed"):
        raise Conflict("landlord_invitation", f"it is {row.status}", status=row.status)
    row.status, row.token_sha256 = "withdrawn", None
    _record(session, actor, row, "withdraw")
    return row


def accept(
    token: str, *, principal_id: UUID, email: str | None = None, client_id: str | None = None
) -> LandlordMember:
    """Become a member by ``token``: the person of the landlords' tenant with the verified ``email``.

    A machine accepts with its ``client_id``. Raises ``NotFound`` for every token that does not work,
    with the same words whatever the reason: not there, used, too old, withdrawn, of somebody else.
    """
    tenant_id, secret = _parsed(token)
    digest = _digest(secret)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.scalar(
            select(LandlordInvitation)
            .where(LandlordInvitation.token_sha256 == digest)
            .with_for_update()
        )
        if row is None or row.status != "confirmed" or row.ends_at is None:
            raise NotFound("LandlordInvitation")
        mine = email if row.kind == "person" else client_id
        invited = invited_of(row)
        if mine is None or mine.strip() != invited or real_now() >= row.ends_at:
            raise NotFound("LandlordInvitation")
        if tenant_id == PLATFORM_TENANT:
            member = _join(session, row, principal_id, invited)
        else:
            if not _still_open(session, row.landlord_id) or not _first_ones(row.landlord_id):
                raise NotFound("LandlordInvitation")
            # Committed before the invitation is spent: killed in between, it can be accepted again.
            with tenant_session(Audience.STAFF, PLATFORM_TENANT, principal_id) as platform:
                member = _join(platform, row, principal_id, invited)
        row.status, row.accepted_by, row.accepted_at = "accepted", principal_id, now()
        row.token_sha256 = None
        row.version += 1
        # The one who accepts is no principal of the inviting kommun: the row says who it was.
        _record(session, Actor.system(tenant_id), row, "accepted")
        return member


def token_of(tenant_id: UUID, invitation_id: UUID) -> str:
    """What the link of a confirmed invitation carries.

    Made of the tenant's key and the row's id, so that it can be told to those who may confirm, and
    mailed, without being kept.
    """
    secret = tenant_keys(tenant_id).blind_index(TOKEN_FIELD, str(invitation_id))
    return f"{tenant_id.hex}.{base64.urlsafe_b64encode(secret).decode().rstrip('=')}"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def invited_of(row: LandlordInvitation) -> str:
    """The address or client id that the invitation is made out to."""
    return tenant_keys(row.tenant_id).open(INVITED_FIELD, row.invited_sealed)


def check_districts(
    session: TenantSession, landlord_id: UUID, districts: Sequence[UUID]
) -> list[Problem]:
    """What is wrong with ``districts`` as districts of the landlord, which only its own people set."""
    if not districts:
        return []
    known = set()
    if session.tenant_id == PLATFORM_TENANT:
        known = set(
            session.scalars(
                select(LandlordDistrict.id).where(
                    LandlordDistrict.landlord_id == landlord_id,
                    LandlordDistrict.id.in_(list(districts)),
                )
            )
        )
    if known == set(districts):
        return []
    return [Problem("districts", "unknown_choice", "not districts of the landlord")]


def administers(session: TenantSession, actor: Actor, landlord_id: UUID) -> bool:
    """Whether the actor, in the landlords' session, is an administrator of the landlord now."""
    found = session.scalar(
        select(LandlordMember.id).where(
            LandlordMember.landlord_id == landlord_id,
            LandlordMember.principal_id == actor.principal_id,
            LandlordMember.level == "administrator",
            LandlordMember.status == "active",
        )
    )
    return found is not None


def _require_right(session: TenantSession, actor: Actor, landlord_id: UUID) -> None:
    if session.tenant_id == PLATFORM_TENANT:
        # What is another landlord's is not there.
        if not administers(session, actor, landlord_id):
            raise NotFound("Landlord")
        return
    if access_of(session, landlord_id) is None:
        # Whether some other kommun deals with it is not told.
        raise NotFound("Landlord")
    require(actor, Action.LANDLORD_ADMIT)
    require_open(session, landlord_id)
    if not _first_ones(landlord_id):
        raise Conflict(
            "landlord_invites", "the landlord has administrators of its own, who invite its people"
        )


def _first_ones(landlord_id: UUID) -> bool:
    """Whether the landlord still has fewer administrators than can invite and confirm."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as platform:
        number = platform.scalar(
            select(func.count())
            .select_from(LandlordMember)
            .where(
                LandlordMember.landlord_id == landlord_id,
                LandlordMember.level == "administrator",
                LandlordMember.status == "active",
            )
        )
    return (number or 0) < ENOUGH


def _changed(
    session: TenantSession, actor: Actor, invitation_id: UUID, expected_version: int
) -> LandlordInvitation:
    row = session.find(LandlordInvitation, invitation_id)
    _require_right(session, actor, row.landlord_id)
    return session.change(row, expected_version)


def _join(
    session: TenantSession, invitation: LandlordInvitation, principal_id: UUID, invited: str
) -> LandlordMember:
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"member:{principal_id}", 0)))
    )
    row = session.scalar(
        select(LandlordMember).where(
            LandlordMember.principal_id == principal_id,
            LandlordMember.landlord_id == invitation.landlord_id,
        )
    )
    if row is None:
        row = LandlordMember(
            principal_id=principal_id,
            landlord_id=invitation.landlord_id,
            level=invitation.level,
            districts=list(invitation.districts),
            status="active",
            invitation_id=invitation.id,
            since=now(),
        )
        session.add(row)
    elif row.status == "active" and row.level == "administrator":
        # An invitation as an agent takes nothing from an administrator.
        row.invitation_id = invitation.id
    else:
        row.level, row.districts = invitation.level, list(invitation.districts)
        row.status, row.since, row.invitation_id = "active", now(), invitation.id
        row.ended_at = row.ended_by = None
        row.version += 1
    if invitation.kind == "person":
        row.email_sealed = tenant_keys(PLATFORM_TENANT).seal(EMAIL_FIELD, invited)
    session.flush()
    audit.record(
        session,
        Actor(PLATFORM_TENANT, principal_id, "", frozenset({Membership(Role.LANDLORD_AGENT)})),
        Action.LANDLORD_ADMIT,
        subject_type="landlord_member",
        subject_id=row.id,
        details={"did": "join"},
    )
    emit(session, ACCEPTED, {"landlord_member_id": row.id})
    return row


def _still_open(session: TenantSession, landlord_id: UUID) -> bool:
    try:
        require_open(session, landlord_id)
    except Conflict:
        return False
    found = session.scalar(
        select(Tenant.id).where(Tenant.id == session.tenant_id, Tenant.status == "active")
    )
    return found is not None


def _parsed(token: str) -> tuple[UUID, str]:
    tenant, dot, secret = token.partition(".")
    if not dot or not re.fullmatch(r"[0-9a-f]{32}", tenant) or len(secret) != 43:
        raise NotFound("LandlordInvitation")
    return UUID(hex=tenant), secret


def _record(session: TenantSession, actor: Actor, row: LandlordInvitation, what: str) -> None:
    audit.record(
        session,
        actor,
        Action.LANDLORD_ADMIT,
        subject_type="landlord_invitation",
        subject_id=row.id,
        details={"did": what},
    )
