"""Bearer tokens: machines, and people's programs, at the API."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hemvist.db import Audience
from hemvist.identity.actor import Actor, Membership
from hemvist.identity.issuers import Claims, IssuerConfig, get_directory
from hemvist.identity.principals import display_name, is_machine, known_principal
from hemvist.identity.provider import provider
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.standing import Proof, Standing, by_subject
from hemvist.identity.tokens import check_access_token, check_times, unverified_issuer
from hemvist.kept import Kept
from hemvist.tenancy import tenant_session

#: Tokens whose signature has been checked. A program uses one for minutes, hundreds of times.
KEPT_TOKENS = 4_096


@dataclass(frozen=True, slots=True)
class _Proved:
    """A token that held, and what it held against: the very configuration and keys."""

    config: IssuerConfig
    keys: object
    claims: Claims
    memberships: frozenset[Membership]


_proved: Kept[_Proved] = Kept(KEPT_TOKENS)


def authenticate_bearer(tenant_slug: str, token: str) -> Actor:
    """Who acts by ``token`` in the kommun ``tenant_slug``.

    The token must come from one of the kommun's own issuers, be made out to its API with its scope,
    and earn at least one membership. Where the issuer has told us something newer at a login, a
    token gives no more than that. Raises ``LoginRefused``.
    """
    tenant_id = get_directory().tenant_id(tenant_slug)
    proved = _holds(tenant_slug, token)
    claims = proved.claims
    if not proved.memberships:
        raise LoginRefused(Refusal.NO_MEMBERSHIP)
    found = by_subject(tenant_id, proved.config.issuer, claims["sub"])
    if found is None:
        get_directory().open_tenant_id(tenant_slug)
        with tenant_session(Audience.STAFF, tenant_id) as session:
            known_principal(
                session,
                issuer=proved.config.issuer,
                subject=claims["sub"],
                kind="machine" if is_machine(claims) else "person",
                name=display_name(claims),
            )
        found = by_subject(tenant_id, proved.config.issuer, claims["sub"])
        assert found is not None
    return _actor(proved, found)


def claimed_bearer(
    tenant_slug: str, token: str, *, waiting: bool = True
) -> tuple[Actor, Proof] | None:
    """Who acted by ``token`` when its bearer was last looked up, for a statement to prove; or None.

    The token itself is checked as ever; without ``waiting``, None where that takes the issuer's keys
    or arithmetic. Raises ``LoginRefused``.
    """
    tenant_id = get_directory().tenant_id(tenant_slug)
    if waiting:
        proved = _holds(tenant_slug, token)
    else:
        held = _held(tenant_slug, token)
        if held is None:
            return None
        proved = held
    issuer, subject = proved.config.issuer, proved.claims["sub"]
    found = by_subject(tenant_id, issuer, subject, remembered=True)
    if found is None or found.status == "blocked" or not proved.memberships:
        return None
    return _actor(proved, found), found.proof()


def _actor(proved: _Proved, found: Standing) -> Actor:
    if found.status == "blocked":
        raise LoginRefused(Refusal.BLOCKED)
    memberships, issued = proved.memberships, proved.claims.get("iat", 0)
    if found.refreshed_at is not None and found.refreshed_at.timestamp() > issued:
        memberships &= found.memberships
    if not memberships:
        raise LoginRefused(Refusal.NO_MEMBERSHIP)
    return found.actor(memberships, "api")


def _holds(tenant_slug: str, token: str) -> _Proved:
    """``token``, whose signature and claims hold now. Raises ``LoginRefused``.

    A signature that held goes on holding, so it is checked once, for as long as the issuer's keys
    and our configuration are the same objects: keys fetched anew, at the latest after an hour,
    check every token anew. Its times are looked at each time, and nothing here says who may still
    come in: that is asked of the database with every request.
    """
    directory, key = get_directory(), _key(tenant_slug, token)
    known = _proved.find(key)
    if known is not None:
        config = directory.issuer(tenant_slug, known.config.issuer)
        if known.config is config and known.keys is provider(config.issuer).keys():
            check_times(known.claims)
            return known
        _proved.drop(key)
    config = directory.issuer(tenant_slug, unverified_issuer(token))
    # Before the check: keys that change meanwhile make the next request check once more.
    keys = provider(config.issuer).keys()
    claims = check_access_token(config, token)
    proved = _Proved(config, keys, claims, config.memberships(claims))
    _proved.keep(key, proved)
    return proved


def _held(tenant_slug: str, token: str) -> _Proved | None:
    """``_holds`` for a token whose signature has been checked, with the keys at hand; else None."""
    known = _proved.find(_key(tenant_slug, token))
    if known is None:
        return None
    config = get_directory().issuer(tenant_slug, known.config.issuer)
    if known.config is not config or known.keys is not provider(config.issuer).keys_at_hand():
        return None
    check_times(known.claims)
    return known


def _key(tenant_slug: str, token: str) -> bytes:
    return hashlib.sha256(f"{tenant_slug}\0{token}".encode("utf-8", "surrogatepass")).digest()
