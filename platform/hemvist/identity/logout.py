"""Logout: ours, the issuer's at our request, and ours at the issuer's request."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity.issuers import get_directory
from hemvist.identity.models import SeenLogoutToken
from hemvist.identity.principals import find_principal
from hemvist.identity.provider import provider
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import (
    authenticate_session,
    digest,
    require_csrf,
    revoke_session,
    revoke_sessions_of,
)
from hemvist.identity.tokens import MAX_AGE_S, check_logout_token, is_plain, unverified_issuer
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session


def after_logout_url(slug: str) -> str:
    """Where the issuer sends people after logout; the kommun registers it there."""
    return f"{get_settings().base_url.rstrip('/')}/{slug}/"


def log_out(slug: str, cookie: str | None, csrf_token: str | None) -> str:
    """Shut the session of ``cookie`` and say where to send the browser.

    That is the issuer's logout page with a hint of who it is (RP-Initiated Logout 1.0), or the
    kommun's first page where the issuer has none. Raises ``LoginRefused``.
    """
    session = authenticate_session(cookie)
    if session is None or session.tenant_slug != slug:
        raise LoginRefused(Refusal.SESSION_MISSING)
    require_csrf(session, csrf_token)
    ended = revoke_session(cookie)
    if ended is None:
        return after_logout_url(slug)
    config = get_directory().issuer(slug, ended.issuer)
    try:
        endpoint = provider(config.issuer).metadata().end_session_endpoint
    except LoginRefused:
        # Out of reach: the person is logged out here all the same.
        endpoint = None
    if endpoint is None:
        return after_logout_url(slug)
    parameters = {
        "client_id": config.client_id,
        "post_logout_redirect_uri": after_logout_url(slug),
    }
    if ended.id_token is not None:
        parameters["id_token_hint"] = ended.id_token
    joint = "&" if urlsplit(endpoint).query else "?"
    return f"{endpoint}{joint}{urlencode(parameters)}"


def obey_logout_token(slug: str, token: str) -> int:
    """Shut the sessions that the issuer says have ended (Back-Channel Logout 1.0); says how many.

    Raises ``LoginRefused`` when the token does not hold or has been obeyed before.
    """
    directory = get_directory()
    tenant_id = directory.tenant_id(slug)
    config = directory.issuer(slug, unverified_issuer(token))
    claims = check_logout_token(config, token)
    now = real_now()
    with tenant_session(Audience.STAFF, tenant_id) as session:
        session.execute(delete(SeenLogoutToken).where(SeenLogoutToken.expires_at < now))
        first = session.execute(
            insert(SeenLogoutToken)
            .values(
                tenant_id=tenant_id,
                id=new_id(),
                issuer=config.issuer,
                jti_sha256=digest(claims["jti"]),
                # By then the token is refused for its age alone.
                expires_at=now + timedelta(seconds=2 * MAX_AGE_S),
            )
            .on_conflict_do_nothing()
            .returning(SeenLogoutToken.id)
        ).first()
        if first is None:
            raise LoginRefused(Refusal.TOKEN_REPLAYED)
        issuer_session, subject = claims.get("sid"), claims.get("sub")
        principal_id = None
        if isinstance(subject, str) and is_plain(subject):
            principal = find_principal(session, config.issuer, subject)
            if principal is None:
                return 0
            principal_id = principal.id
        return revoke_sessions_of(
            session,
            issuer=config.issuer,
            issuer_session=issuer_session if is_plain(issuer_session) else None,
            principal_id=principal_id,
        )
