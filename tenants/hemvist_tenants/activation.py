"""Taking a kommun into use: its row in the register, and its issuers for the login."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hemvist.clock import now, today
from hemvist.identity import ClaimRule, Directory, IssuerConfig, Role
from hemvist.ids import new_id
from hemvist.policy.legal import law_pack
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist_tenants.config import IssuerEntry, TenantConfig
from hemvist_tenants.reading import TenantFileError


def onboard(owner: Connection | Session, tenant: TenantConfig, *, status: str = "active") -> UUID:
    """Enter the kommun in the register, or bring its name up to date; its id, the same for ever.

    ``owner`` is a connection or session of the owner's role, whose transaction the caller commits.
    ``status`` is that of a new row; one that is there keeps its own.
    The kommun is known by its code; raises ``TenantFileError`` when its slug is another kommun's.
    """
    holder = owner.scalar(
        select(Tenant.kommun_code).where(
            Tenant.slug == tenant.slug, Tenant.kommun_code != tenant.kommun_code
        )
    )
    if holder is not None:
        raise TenantFileError(
            f"{tenant.slug}.toml", "slug", f"{tenant.slug!r} belongs to kommun {holder} already"
        )
    made = insert(Tenant).values(
        id=new_id(),
        kommun_code=tenant.kommun_code,
        slug=tenant.slug,
        name=tenant.name,
        created_at=now(),
        status=status,
        protection_days=protection_days_of(tenant),
    )
    row_id = owner.scalar(
        made.on_conflict_do_update(
            index_elements=["kommun_code"],
            set_={name: made.excluded[name] for name in ("slug", "name", "protection_days")},
        ).returning(Tenant.id)
    )
    assert isinstance(row_id, UUID)
    return row_id


def protection_days_of(tenant: TenantConfig) -> int:
    """Days for which a check of protection is relied on: the kommun's own, or the law pack's."""
    if tenant.protection_days is not None:
        return tenant.protection_days
    days = law_pack().param("protection_check_days", today())
    assert isinstance(days, int)
    return days


def directory_of(tenants: Mapping[str, TenantConfig]) -> Directory:
    """The login directory of ``tenants`` in this environment.

    Raises ``TenantFileError`` when a kommun has no issuer here or a secret cannot be had.
    """
    environment = get_settings().environment
    issuers = {}
    for slug, tenant in tenants.items():
        entries = [entry for entry in tenant.issuers if environment in entry.environments]
        if not entries:
            raise TenantFileError(
                f"{slug}.toml", "issuers", f"has no issuer for the environment {environment}"
            )
        issuers[slug] = tuple(_resolved(slug, entry) for entry in entries)
    return Directory(issuers)


def development_secret(slug: str, client_id: str) -> str:
    """The secret of a client at the development issuer: derived, so that none is stored."""
    key = get_settings().require("secret_key").encode()
    return hmac.new(key, f"dev-issuer:{slug}:{client_id}".encode(), hashlib.sha256).hexdigest()


def issuer_address(entry: IssuerEntry) -> str:
    """The issuer's address with this installation's own address filled in."""
    return entry.issuer.replace("{base_url}", get_settings().base_url.rstrip("/"))


def _resolved(slug: str, entry: IssuerEntry) -> IssuerConfig:
    return IssuerConfig(
        issuer=issuer_address(entry),
        client_id=entry.client_id,
        client_secret=_secret(slug, entry),
        api_audience=entry.api_audience,
        api_scope=entry.api_scope,
        rules=tuple(
            ClaimRule(rule.claim, rule.value, Role(rule.role), rule.department)
            for rule in entry.rules
        ),
        scopes=entry.scopes,
        algorithms=entry.algorithms,
        required_claims=dict(entry.required_claims),
        use_userinfo=entry.use_userinfo,
    )


def _secret(slug: str, entry: IssuerEntry) -> str:
    kind, _, place = entry.client_secret_from.partition(":")
    if kind == "development":
        return development_secret(slug, entry.client_id)
    try:
        secret = os.environ[place] if kind == "env" else Path(place).read_text().strip()
    except (KeyError, OSError) as error:
        reason = "the environment variable is not set" if kind == "env" else str(error)
        raise TenantFileError(
            f"{slug}.toml", "issuers.client_secret_from", f"{place}: {reason}"
        ) from error
    if not secret:
        raise TenantFileError(f"{slug}.toml", "issuers.client_secret_from", f"{place} is empty")
    return secret
