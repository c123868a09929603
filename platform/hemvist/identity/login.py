"""Login at the kommun's issuer: authorization code with PKCE, state and nonce (RFC 9700)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import delete, select

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity.exchange import (
    authorization_url,
    check_answer,
    fetch_tokens,
    with_userinfo,
)
from hemvist.identity.issuers import Claims, IssuerConfig, get_directory
from hemvist.identity.models import LoginAttempt
from hemvist.identity.principals import display_name, known_principal, refresh_memberships
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import NewSession, digest, open_session, revoke_session
from hemvist.identity.tokens import check_id_token, is_plain
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.platform import PLATFORM_TENANT

ATTEMPT_LIFETIME = timedelta(minutes=10)
VERIFIER_FIELD = "login_attempts.code_verifier"

_BROWSER_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class LoginRedirect:
    """Where to send the browser, and the secret it must bring back in a cookie."""

    url: str
    browser_secret: str


@dataclass(frozen=True, slots=True)
class LoginDone:
    """A login that succeeded: the new session, and the local address to go on to."""

    opened: NewSession
    return_to: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    issuer: str
    nonce: str
    code_verifier: str
    return_to: str


def local_return(slug: str, return_to: str | None) -> str:
    """``return_to`` if it is a page of this kommun here, else the kommun's first page.

    A login must never send anyone to another site, or back into the login itself.
    """
    home = f"/{slug}/"
    if not return_to or len(return_to) > 2000:
        return home
    written_out = return_to + unquote(return_to)
    strange = " " in return_to or "\\" in written_out or not written_out.isprintable()
    # A text that begins with this kommun's own path can name neither a scheme nor a host.
    if strange or not return_to.startswith(home):
        return home
    segments = unquote(urlsplit(return_to).path).split("/")
    if ".." in segments or segments[2] in {"login", "logout", "oidc"}:
        return home
    return return_to


def begin_login(
    slug: str,
    *,
    return_to: str | None = None,
    browser_secret: str | None = None,
    issuer: str | None = None,
) -> LoginRedirect:
    """Start a login in the kommun ``slug``.

    ``browser_secret`` is the one the browser already has from another tab, if any. Raises
    ``LoginRefused`` (unknown kommun, one that is not open, issuer out of reach).
    """
    directory = get_directory()
    tenant_id = directory.open_tenant_id(slug)
    config = directory.issuer(slug, issuer)
    if browser_secret is None or not _BROWSER_SECRET.fullmatch(browser_secret):
        browser_secret = secrets.token_urlsafe(32)
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(48)
    # Before anything is written: an issuer out of reach leaves nothing behind.
    url = authorization_url(config, slug, state=state, nonce=nonce, code_verifier=verifier)
    now = real_now()
    with tenant_session(Audience.STAFF, tenant_id) as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.expires_at < now - timedelta(1)))
        session.add(
            LoginAttempt(
                state_sha256=digest(state),
                browser_sha256=digest(browser_secret),
                issuer=config.issuer,
                nonce=nonce,
                code_verifier_sealed=tenant_keys(tenant_id).seal(VERIFIER_FIELD, verifier),
                return_to=local_return(slug, return_to),
                created_at=now,
                expires_at=now + ATTEMPT_LIFETIME,
            )
        )
    return LoginRedirect(url, browser_secret)


def complete_login(
    slug: str,
    answer: Mapping[str, str],
    *,
    browser_secret: str | None,
    previous_cookie: str | None = None,
) -> LoginDone:
    """Finish a login with the issuer's ``answer`` (the query of the callback).

    A session that the browser had before is shut: its cookie is worth nothing after a login. Raises
    ``LoginRefused``; the state is used up whatever happens.
    """
    directory = get_directory()
    tenant_id = directory.open_tenant_id(slug)
    attempt = _take_attempt(tenant_id, answer.get("state", ""), browser_secret)
    config = directory.issuer(slug, attempt.issuer)
    check_answer(config, answer)
    tokens = fetch_tokens(config, slug, answer.get("code", ""), attempt.code_verifier)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str):
        raise LoginRefused(Refusal.CODE_REFUSED, "no id_token in the answer")
    claims = check_id_token(
        config,
        id_token,
        nonce=attempt.nonce,
        access_token=access_token if isinstance(access_token, str) else None,
    )
    opened = _let_in(slug, tenant_id, config, with_userinfo(config, claims, access_token), id_token)
    revoke_session(previous_cookie, "replaced")
    return LoginDone(opened, attempt.return_to)


def _take_attempt(tenant_id: UUID, state: str, browser_secret: str | None) -> _Attempt:
    """Use the attempt of ``state`` up, then say whether it was good."""
    now = real_now()
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.scalar(
            select(LoginAttempt).where(LoginAttempt.state_sha256 == digest(state)).with_for_update()
        )
        if row is None:
            raise LoginRefused(Refusal.STATE_UNKNOWN)
        used, row.used_at = row.used_at, row.used_at or now
    if used is not None:
        raise LoginRefused(Refusal.STATE_USED)
    if browser_secret is None or row.browser_sha256 != digest(browser_secret):
        raise LoginRefused(Refusal.OTHER_BROWSER)
    if now >= row.expires_at:
        raise LoginRefused(Refusal.STATE_EXPIRED)
    verifier = tenant_keys(tenant_id).open(VERIFIER_FIELD, row.code_verifier_sealed)
    return _Attempt(row.issuer, row.nonce, verifier, row.return_to)


def _let_in(
    slug: str, tenant_id: UUID, config: IssuerConfig, claims: Claims, id_token: str
) -> NewSession:
    earned = config.memberships(claims)
    issuer_session = claims.get("sid")
    now = real_now()
    opened = None
    with tenant_session(Audience.STAFF, tenant_id) as session:
        principal = known_principal(
            session,
            issuer=config.issuer,
            subject=claims["sub"],
            kind="person",
            name=display_name(claims),
        )
        principal.display_name = display_name(claims)
        refresh_memberships(session, principal, earned, now)
        if earned:
            principal.last_login_at = now
            opened = open_session(
                session,
                slug,
                principal,
                id_token=id_token,
                issuer_session=issuer_session if is_plain(issuer_session) else None,
                # A kommun's staff are known without it; landlords' people are invited by it.
                email=_verified(claims) if tenant_id == PLATFORM_TENANT else None,
            )
    # After the commit: that the person holds nothing any more must be kept, and shuts old sessions.
    if opened is None:
        raise LoginRefused(Refusal.NO_MEMBERSHIP)
    return opened


def _verified(claims: Claims) -> str | None:
    """The bearer's e-mail address, where the issuer vouches for it."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    return email.strip().lower() if is_plain(email) else None
