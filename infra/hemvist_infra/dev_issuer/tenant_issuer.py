"""One kommun's development issuer: its clients, grants and tokens. No HTTP here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from hemvist_infra.dev_issuer.grants import CLI_CLIENT, CLI_REDIRECT, Client, Grant, GrantRefused
from hemvist_infra.dev_issuer.keys import signing_key
from hemvist_infra.dev_issuer.people import Person, development_entry, machines_of, people_of
from hemvist_tenants import TenantConfig, development_secret

CODE_LIFETIME_S = 60
TOKEN_LIFETIME_S = 600
REFRESH_LIFETIME_S = 8 * 3600


class TenantIssuer:
    """The issuer of one kommun. Codes and refresh tokens live in memory, keys in the data folder."""

    def __init__(self, base_url: str, data_dir: Path, tenant: TenantConfig) -> None:
        base = base_url.rstrip("/")
        entry = development_entry(tenant)
        self.tenant = tenant
        self.address = f"{base}/dev-issuer/{tenant.slug}"
        self.algorithm = entry.algorithms[0]
        self.api_audience = entry.api_audience
        self.api_scope = entry.api_scope
        self.key = signing_key(data_dir, tenant.slug, self.algorithm)
        self.people = people_of(tenant.slug)
        self.machines = machines_of(tenant.slug)
        self.clients = {client.client_id: client for client in self._clients(base, entry.client_id)}
        self._codes: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def _clients(self, base: str, portal: str) -> list[Client]:
        slug = self.tenant.slug
        return [
            Client(
                portal,
                development_secret(slug, portal),
                (f"{base}/{slug}/oidc/callback",),
                (f"{base}/{slug}/",),
            ),
            Client(CLI_CLIENT, None, (CLI_REDIRECT,)),
            *(
                Client(name, development_secret(slug, name), grants=("client_credentials",))
                for name in self.machines
            ),
        ]

    def scopes(self) -> tuple[str, ...]:
        """The scopes that may be asked for; others are left out."""
        return ("openid", "profile", "email", "groups", "offline_access", self.api_scope)

    def client(self, client_id: str, secret: str | None) -> Client:
        """The client, if the secret proves it. Raises ``GrantRefused``."""
        client = self.clients.get(client_id)
        if client is None or (client.secret is None) != (secret is None):
            raise GrantRefused("invalid_client")
        if client.secret is not None and not hmac.compare_digest(
            client.secret.encode(), (secret or "").encode()
        ):
            raise GrantRefused("invalid_client")
        return client

    def code_for(self, person: Person, request: Mapping[str, str]) -> str:
        """A code for an authorization request that has been checked."""
        self._sweep()
        code = secrets.token_urlsafe(32)
        asked = frozenset(request.get("scope", "").split())
        self._codes[code] = Grant(
            client_id=request["client_id"],
            person=person,
            scopes=asked & frozenset(self.scopes()),
            session=secrets.token_urlsafe(16),
            auth_time=int(time.time()),
            nonce=request.get("nonce"),
            redirect_uri=request["redirect_uri"],
            challenge=request["code_challenge"],
            ends_at=time.time() + CODE_LIFETIME_S,
        )
        return code

    def redeem_code(
        self, client: Client, code: str, redirect_uri: str, verifier: str
    ) -> dict[str, Any]:
        """Tokens for a code: once, in time, by its client, with the verifier of its challenge."""
        grant = self._codes.get(code)
        if grant is None or grant.client_id != client.client_id:
            raise GrantRefused("invalid_grant", "unknown code")
        if grant.code_used:
            # RFC 6749 §4.1.2: a code that comes twice was stolen, and so were its tokens.
            grant.revoked = True
            raise GrantRefused("invalid_grant", "code used before")
        grant.code_used = True
        if time.time() > grant.ends_at:
            raise GrantRefused("invalid_grant", "code expired")
        if grant.redirect_uri != redirect_uri:
            raise GrantRefused("invalid_grant", "another redirect_uri")
        digest = hashlib.sha256(verifier.encode()).digest()
        if not hmac.compare_digest(_base64(digest), grant.challenge):
            raise GrantRefused("invalid_grant", "the code_verifier does not fit")
        return self._tokens(grant)

    def refresh(self, client: Client, token: str) -> dict[str, Any]:
        """New tokens for a refresh token, which is spent; one spent before ends the whole grant."""
        grant = self._refresh.get(token)
        if grant is None or grant.client_id != client.client_id or grant.revoked:
            raise GrantRefused("invalid_grant", "unknown refresh token")
        if grant.refresh_token != token:
            grant.revoked = True
            raise GrantRefused("invalid_grant", "refresh token used before")
        if time.time() > grant.auth_time + REFRESH_LIFETIME_S:
            raise GrantRefused("invalid_grant", "refresh token expired")
        return self._tokens(grant)

    def machine_tokens(self, client: Client, scope: str) -> dict[str, Any]:
        """An access token for a program itself."""
        machine = self.machines[client.client_id]
        scopes = frozenset(scope.split() or [self.api_scope]) & {self.api_scope}
        if not scopes:
            raise GrantRefused("invalid_scope")
        claims = {"client_name": machine.name, "groups": list(machine.groups)}
        return self._answer(
            self._access_token(client.client_id, client.client_id, scopes, claims), scopes
        )

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """The claims of the person that the access token is about. Raises ``GrantRefused``."""
        claims = self._own(access_token)
        for person in self.people.values():
            if person.subject == claims.get("sub") and claims.get("exp", 0) > time.time():
                return {"sub": person.subject, **_claims(person, set(claims["scope"].split()))}
        raise GrantRefused("invalid_token")

    def client_of_hint(self, id_token: str) -> str | None:
        """The client that an ID token of ours was made for, however old; None for a foreign one."""
        try:
            audience = self._own(id_token).get("aud")
        except GrantRefused:
            return None
        return audience if isinstance(audience, str) else None

    def sign(self, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """A token of this issuer with ``claims``."""
        header = {"alg": self.algorithm, "kid": self.key.kid, "typ": typ}
        return jwt.encode(header, dict(claims), self.key, algorithms=[self.algorithm])

    def _own(self, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, self.key, algorithms=[self.algorithm]).claims
        except (JoseError, ValueError):
            raise GrantRefused("invalid_token") from None
        if claims.get("iss") != self.address:
            raise GrantRefused("invalid_token")
        return dict(claims)

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        person, now = grant.person, int(time.time())
        claims = _claims(person, grant.scopes)
        access = self._access_token(person.subject, grant.client_id, grant.scopes, claims)
        answer = self._answer(access, grant.scopes)
        if "openid" in grant.scopes:
            half = hashlib.sha256(access.encode()).digest()[:16]
            nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
            answer["id_token"] = self.sign(
                {
                    "iss": self.address,
                    "aud": grant.client_id,
                    "sub": person.subject,
                    "iat": now,
                    "exp": now + TOKEN_LIFETIME_S,
                    "auth_time": grant.auth_time,
                    "sid": grant.session,
                    "at_hash": _base64(half),
                    **nonce,
                    **claims,
                }
            )
        if "offline_access" in grant.scopes:
            grant.refresh_token = secrets.token_urlsafe(32)
            self._refresh[grant.refresh_token] = grant
            answer["refresh_token"] = grant.refresh_token
        return answer

    def _access_token(
        self, subject: str, client_id: str, scopes: frozenset[str], claims: Mapping[str, Any]
    ) -> str:
        now = int(time.time())
        audience = self.api_audience if self.api_scope in scopes else self.address
        return self.sign(
            {
                "iss": self.address,
                "aud": audience,
                "sub": subject,
                "client_id": client_id,
                "scope": " ".join(sorted(scopes)),
                "iat": now,
                "exp": now + TOKEN_LIFETIME_S,
                "jti": secrets.token_urlsafe(12),
                **claims,
            },
            typ="at+jwt",
        )

    @staticmethod
    def _answer(access_token: str, scopes: frozenset[str]) -> dict[str, Any]:
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME_S,
            "scope": " ".join(sorted(scopes)),
        }

    def _sweep(self) -> None:
        """Forget what nobody can use any more. Used codes stay a while, to notice a replay."""
        now = time.time()
        for code in [c for c, grant in self._codes.items() if now > grant.ends_at + 600]:
            del self._codes[code]
        old = [t for t, g in self._refresh.items() if now > g.auth_time + REFRESH_LIFETIME_S]
        for token in old:
            del self._refresh[token]


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _claims(person: Person, scopes: set[str] | frozenset[str]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    if "profile" in scopes:
        claims |= {"name": person.name, "preferred_username": person.username}
    if "email" in scopes and person.email:
        claims |= {"email": person.email, "email_verified": True}
    if "groups" in scopes:
        claims["groups"] = list(person.groups)
    return claims
