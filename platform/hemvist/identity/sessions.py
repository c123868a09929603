"""Sessions on the server: opened at login, read at every request, shut by many hands.

The cookie is ``<tenant slug>.<session id>.<secret>``. The slug says whose database rows to look
among, the id finds the row, and the secret, of which the row has only a digest, proves the browser.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity.actor import Actor
from hemvist.identity.issuers import get_directory
from hemvist.identity.models import LoginSession, Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.standing import Proof, SessionStanding, by_session
from hemvist.ids import new_id, parse_id
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.tenancy.keys import SealBroken, tenant_keys

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
#: A session in use is written to the database at most this often.
TOUCH_EVERY = timedelta(minutes=1)
ID_TOKEN_FIELD = "login_sessions.id_token"  # noqa: S105 - the name of a column
EMAIL_FIELD = "login_sessions.email"


@dataclass(frozen=True, slots=True)
class AuthenticatedSession:
    """A request's session: who acts, and what its forms must carry."""

    actor: Actor
    tenant_slug: str
    session_id: UUID
    csrf_token: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just opened: the only time that its cookie is known here."""

    cookie: str
    session: AuthenticatedSession


def digest(secret: str) -> bytes:
    """What the database keeps of a secret. The secrets are random, so a plain digest is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def cookie_is_secure() -> bool:
    """Whether cookies go over https only. True wherever the platform is served over https."""
    return get_settings().base_url.startswith("https://")


def cookie_name(kind: str = "session") -> str:
    """The cookie's name; ``__Host-`` over https, so that no neighbouring host can set it."""
    return ("__Host-" if cookie_is_secure() else "") + f"hemvist_{kind}"


def open_session(
    session: TenantSession,
    slug: str,
    principal: Principal,
    *,
    id_token: str | None = None,
    issuer_session: str | None = None,
    email: str | None = None,
) -> NewSession:
    """Open a session for ``principal``. Every part of its cookie is made here and now.

    ``email`` is kept with it, where the issuer has verified it and the tenant needs it.
    """
    now = real_now()
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    row = session.save(
        LoginSession(
            id=new_id(),
            principal_id=principal.id,
            secret_sha256=digest(secret),
            csrf_secret=csrf,
            created_at=now,
            last_seen_at=now,
            idle_expires_at=now + IDLE,
            ends_at=now + LONGEST,
            issuer=principal.issuer,
            issuer_session=issuer_session,
            id_token_sealed=None
            if id_token is None
            else tenant_keys(session.tenant_id).seal(ID_TOKEN_FIELD, id_token),
            email_sealed=None
            if email is None
            else tenant_keys(session.tenant_id).seal(EMAIL_FIELD, email),
        )
    )
    actor = actor_for(principal, memberships_of(session, principal.id))
    return NewSession(
        cookie=f"{slug}.{row.id}.{secret}",
        session=AuthenticatedSession(actor, slug, row.id, csrf, row.ends_at),
    )


def authenticate_session(cookie: str | None) -> AuthenticatedSession | None:
    """The session that ``cookie`` opens, or None. Memberships are read afresh each time."""
    parsed = _parse(cookie)
    if parsed is None:
        return None
    slug, session_id, secret = parsed
    try:
        tenant_id = get_directory().tenant_id(slug)
    except LoginRefused:
        return None
    found = by_session(tenant_id, session_id)
    if found is None or not _is_living(found, secret):
        return None
    if found.status != "active" or not found.memberships:
        return None
    if real_now() - found.last_seen_at >= TOUCH_EVERY:
        with tenant_session(Audience.STAFF, tenant_id) as session:
            _touch(session.find(LoginSession, session_id))
    return AuthenticatedSession(found.actor(), slug, session_id, found.csrf_secret, found.ends_at)


def claimed_session(cookie: str | None) -> tuple[AuthenticatedSession, Proof] | None:
    """The session as it stood when ``cookie`` was last looked up, for a statement to prove; or None.

    None also when its use has to be written down again, which only a look-up does.
    """
    parsed = _parse(cookie)
    if parsed is None:
        return None
    slug, session_id, secret = parsed
    try:
        tenant_id = get_directory().tenant_id(slug)
    except LoginRefused:
        return None
    found = by_session(tenant_id, session_id, remembered=True)
    if found is None or not _is_living(found, secret):
        return None
    if found.status != "active" or not found.memberships:
        return None
    if real_now() - found.last_seen_at >= TOUCH_EVERY:
        return None
    session = AuthenticatedSession(
        found.actor(), slug, session_id, found.csrf_secret, found.ends_at
    )
    return session, found.proof()


def require_csrf(session: AuthenticatedSession, token: str | None) -> None:
    """Raise ``LoginRefused`` unless a form of this very session sent ``token``."""
    if token is None or not hmac.compare_digest(digest(token), digest(session.csrf_token)):
        raise LoginRefused(Refusal.CSRF)


@dataclass(frozen=True, slots=True)
class EndedSession:
    """What the issuer needs to hear when a session has ended."""

    issuer: str
    id_token: str | None


def revoke_session(cookie: str | None, reason: str = "logout") -> EndedSession | None:
    """Shut the session that ``cookie`` opens; None when it opens none."""
    parsed = _parse(cookie)
    if parsed is None:
        return None
    slug, session_id, secret = parsed
    try:
        tenant_id = get_directory().tenant_id(slug)
    except LoginRefused:
        return None
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = _living(session, session_id, secret)
        if row is None:
            return None
        row.revoked_at, row.revoked_reason = real_now(), reason
        id_token = None
        if row.id_token_sealed is not None:
            try:
                id_token = tenant_keys(tenant_id).open(ID_TOKEN_FIELD, row.id_token_sealed)
            except SealBroken:
                # The hint is a courtesy; without it the issuer asks the person instead.
                id_token = None
        row.id_token_sealed = None
        return EndedSession(row.issuer, id_token)


def verified_email(session: TenantSession, session_id: UUID) -> str | None:
    """The address that the issuer had verified at this session's login, in lower case."""
    row = session.find(LoginSession, session_id)
    if row.email_sealed is None:
        return None
    try:
        return tenant_keys(session.tenant_id).open(EMAIL_FIELD, row.email_sealed)
    except SealBroken:
        return None


def revoke_sessions_of(
    session: TenantSession,
    *,
    issuer: str,
    issuer_session: str | None = None,
    principal_id: UUID | None = None,
    reason: str = "issuer_logout",
) -> int:
    """Shut every living session of a principal, or of one session at the issuer; says how many."""
    if issuer_session is None and principal_id is None:
        raise ValueError("say which sessions")
    statement = update(LoginSession).where(
        LoginSession.issuer == issuer, LoginSession.revoked_at.is_(None)
    )
    if issuer_session is not None:
        statement = statement.where(LoginSession.issuer_session == issuer_session)
    if principal_id is not None:
        statement = statement.where(LoginSession.principal_id == principal_id)
    shut = session.scalars(
        statement.values(
            revoked_at=real_now(), revoked_reason=reason, id_token_sealed=None
        ).returning(LoginSession.id)
    )
    return len(shut.all())


def _parse(cookie: str | None) -> tuple[str, UUID, str] | None:
    if cookie is None or len(cookie) > 300 or cookie.count(".") != 2:
        return None
    slug, text, secret = cookie.split(".")
    session_id = parse_id(text)
    return None if session_id is None else (slug, session_id, secret)


def _living(session: TenantSession, session_id: UUID, secret: str) -> LoginSession | None:
    row = session.get(LoginSession, (session.tenant_id, session_id))
    return row if row is not None and _is_living(row, secret) else None


def _is_living(row: LoginSession | SessionStanding, secret: str) -> bool:
    if not hmac.compare_digest(row.secret_sha256, digest(secret)):
        return False
    now = real_now()
    dead = row.revoked_at is not None or now >= row.idle_expires_at or now >= row.ends_at
    return not dead


def _touch(row: LoginSession) -> None:
    now = real_now()
    if now - row.last_seen_at >= TOUCH_EVERY:
        row.last_seen_at = now
        row.idle_expires_at = min(now + IDLE, row.ends_at)
