"""Bearer tokens: machines, and people's programs, at the API."""

from __future__ import annotations

from hemvist.db import Audience
from hemvist.identity.actor import Actor
from hemvist.identity.issuers import get_directory
from hemvist.identity.principals import (
    actor_for,
    display_name,
    is_machine,
    known_principal,
    memberships_of,
)
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.tokens import check_access_token, unverified_issuer
from hemvist.tenancy import tenant_session


def authenticate_bearer(tenant_slug: str, token: str) -> Actor:
    """Who acts by ``token`` in the kommun ``tenant_slug``.

    The token must come from one of the kommun's own issuers, be made out to its API with its scope,
    and earn at least one membership. Where the issuer has told us something newer at a login, a
    token gives no more than that. Raises ``LoginRefused``.
    """
    directory = get_directory()
    tenant_id = directory.tenant_id(tenant_slug)
    config = directory.issuer(tenant_slug, unverified_issuer(token))
    claims = check_access_token(config, token)
    memberships = config.memberships(claims)
    if not memberships:
        raise LoginRefused(Refusal.NO_MEMBERSHIP)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        principal = known_principal(
            session,
            issuer=config.issuer,
            subject=claims["sub"],
            kind="machine" if is_machine(claims) else "person",
            name=display_name(claims),
        )
        refreshed = principal.memberships_refreshed_at
        if refreshed is not None and refreshed.timestamp() > claims.get("iat", 0):
            memberships &= memberships_of(session, principal.id)
        if not memberships:
            raise LoginRefused(Refusal.NO_MEMBERSHIP)
        return actor_for(principal, memberships, channel="api")
