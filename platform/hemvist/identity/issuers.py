"""What a kommun says of its issuer: address, client, and how claims become memberships."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.db import Audience, engine
from hemvist.identity.actor import Membership, Role
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.tenancy import Tenant
from hemvist.tenancy.models import ACTIVE

Claims = Mapping[str, Any]

#: Signature algorithms that may ever be allowed: asymmetric ones, each with its kind of key.
KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}


def claim_values(claims: Claims, path: Sequence[str]) -> frozenset[str]:
    """The text values at ``path``: a text or a list of texts; anything else counts as none."""
    value: Any = claims
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, list):
        return frozenset(item for item in value if isinstance(item, str))
    return frozenset()


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Whoever has ``value`` in the claim at ``claim`` holds ``role`` in ``department``."""

    claim: tuple[str, ...]
    value: str
    role: Role
    department: str = ""

    def membership(self, claims: Claims) -> Membership | None:
        """The membership that ``claims`` earn by this rule, or None."""
        earned = self.value in claim_values(claims, self.claim)
        return Membership(self.role, self.department) if earned else None


@dataclass(frozen=True, slots=True)
class IssuerConfig:
    """One OpenID Connect issuer of one kommun, and our client there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    #: What access tokens to our API must be made out to; never the client id.
    api_audience: str
    #: What scope a bearer token must carry.
    api_scope: str
    rules: tuple[ClaimRule, ...]
    scopes: tuple[str, ...] = ("openid", "profile")
    algorithms: tuple[str, ...] = ("RS256",)
    #: Claims every token must have with exactly this value: tells kommuner of a shared issuer apart.
    required_claims: Mapping[str, str] = field(default_factory=dict)
    #: Whether claims are also fetched from the userinfo endpoint at login.
    use_userinfo: bool = False

    def memberships(self, claims: Claims) -> frozenset[Membership]:
        """What ``claims`` make of their bearer here."""
        earned = (rule.membership(claims) for rule in self.rules)
        return frozenset(membership for membership in earned if membership is not None)


class Directory:
    """The kommuner that can be logged in to, by slug."""

    def __init__(self, issuers: Mapping[str, Sequence[IssuerConfig]]) -> None:
        self._issuers = {slug: tuple(configs) for slug, configs in issuers.items()}
        self._ids: dict[str, UUID] = {}
        self._lock = threading.Lock()

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every kommun in the directory, in order."""
        return tuple(sorted(self._issuers))

    def tenant_id(self, slug: str) -> UUID:
        """The id of the kommun. Raises ``LoginRefused`` when it is unknown or not taken on."""
        known = self._ids.get(slug)
        if known is not None:
            return known
        if slug in self._issuers:
            with engine(Audience.STAFF).connect() as connection:
                found = connection.scalar(select(Tenant.id).where(Tenant.slug == slug))
            if found is not None:
                with self._lock:
                    self._ids[slug] = found
                return found
        raise LoginRefused(Refusal.TENANT_UNKNOWN)

    def open_tenant_id(self, slug: str) -> UUID:
        """The id of the kommun, if it is open just now. Raises ``LoginRefused``.

        Asked of the register each time: one that is suspended is shut from the next login on.
        """
        tenant_id = self.tenant_id(slug)
        with engine(Audience.STAFF).connect() as connection:
            status = connection.scalar(select(Tenant.status).where(Tenant.id == tenant_id))
        if status != ACTIVE:
            raise LoginRefused(Refusal.TENANT_NOT_OPEN)
        return tenant_id

    def issuers(self, slug: str) -> tuple[IssuerConfig, ...]:
        """The issuers of the kommun. Raises ``LoginRefused`` when it is unknown."""
        try:
            return self._issuers[slug]
        except KeyError:
            raise LoginRefused(Refusal.TENANT_UNKNOWN) from None

    def issuer(self, slug: str, address: str | None = None) -> IssuerConfig:
        """The kommun's issuer with this address; its first when none is asked for."""
        configs: Iterable[IssuerConfig] = self.issuers(slug)
        for config in configs:
            if address is None or config.issuer == address:
                return config
        raise LoginRefused(Refusal.ISSUER_UNKNOWN)


_directory = Directory({})


def use_directory(directory: Directory) -> None:
    """Make ``directory`` the one this process logs in by. The composition root does this at start."""
    global _directory
    _directory = directory


def get_directory() -> Directory:
    """The directory in use; empty until ``use_directory``."""
    return _directory
