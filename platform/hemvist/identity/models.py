"""Tables of identity. Everything is one kommun's: a person known in two kommuner is two principals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.identity.actor import Role
from hemvist.tenancy import (
    FULL,
    READ,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)

PRINCIPAL_KINDS = ("person", "machine")
PRINCIPAL_STATUSES = ("active", "blocked")
REVOCATION_REASONS = ("logout", "issuer_logout", "replaced", "administrator")


class Principal(TenantScoped, Base):
    """Somebody, or a machine, that the kommun's issuer vouches for. Never deleted: acts point here."""

    __tablename__ = "principals"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "subject"),
        one_of("kind", PRINCIPAL_KINDS),
        one_of("status", PRINCIPAL_STATUSES),
    )

    #: The issuer's address (claim ``iss``) and its name for the principal (claim ``sub``).
    issuer: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str]
    #: ``blocked`` shuts the kommun's doors at once, whatever the issuer says.
    status: Mapped[str] = mapped_column(default="active")
    display_name: Mapped[str]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    #: When the issuer's claims were last written into ``memberships``.
    memberships_refreshed_at: Mapped[datetime | None]


class MembershipRow(TenantScoped, Base):
    """A role that a principal holds now. Made equal to the issuer's claims at each login."""

    __tablename__ = "memberships"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id", "role", "department"),
        one_of("role", tuple(role.value for role in Role)),
        Index(None, "tenant_id", "role", "department"),
    )

    principal_id: Mapped[UUID]
    role: Mapped[str]
    #: Department code of the kommun, or "" for a role in the whole kommun.
    department: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]


class LoginSession(TenantScoped, Base):
    """A person's session on the server. The browser holds the secret, the table only its digest."""

    __tablename__ = "login_sessions"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT", "DELETE")})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        one_of("revoked_reason", REVOCATION_REASONS),
        Index(None, "tenant_id", "principal_id"),
        Index(None, "tenant_id", "issuer", "issuer_session"),
    )

    principal_id: Mapped[UUID]
    secret_sha256: Mapped[bytes]
    #: What a form of this session must carry back.
    csrf_secret: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    #: Moved forward while the person works; never beyond ``ends_at``.
    idle_expires_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    issuer: Mapped[str]
    #: The issuer's own session (claim ``sid``), by which it ends ours.
    issuer_session: Mapped[str | None]
    #: Sealed ``login_sessions.id_token``: the hint that logout sends to the issuer.
    id_token_sealed: Mapped[bytes | None] = sealed_column("login_sessions.id_token")
    #: Sealed ``login_sessions.email``: the address that the issuer has verified, kept for landlords'
    #: people alone, who accept invitations by it.
    email_sealed: Mapped[bytes | None] = sealed_column("login_sessions.email")


class LoginAttempt(TenantScoped, Base):
    """A login on its way through the issuer. Good once, for ten minutes, in one browser."""

    __tablename__ = "login_attempts"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT", "DELETE")})
    __table_args__ = (
        UniqueConstraint("tenant_id", "state_sha256"),
        Index(None, "tenant_id", "expires_at"),
    )

    state_sha256: Mapped[bytes]
    browser_sha256: Mapped[bytes]
    issuer: Mapped[str]
    nonce: Mapped[str]
    #: Sealed ``login_attempts.code_verifier`` (RFC 7636).
    code_verifier_sealed: Mapped[bytes] = sealed_column("login_attempts.code_verifier")
    return_to: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SeenLogoutToken(TenantScoped, Base):
    """A logout token already obeyed, kept until it has expired, so that none is obeyed twice."""

    __tablename__ = "seen_logout_tokens"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT", "DELETE")})
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "jti_sha256"),
        Index(None, "tenant_id", "expires_at"),
    )

    issuer: Mapped[str]
    jti_sha256: Mapped[bytes]
    expires_at: Mapped[datetime]
