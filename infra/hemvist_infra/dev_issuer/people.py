"""The demo people and machines of the development issuer."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hemvist.identity import Membership, Role
from hemvist.settings import get_settings
from hemvist_tenants import IssuerEntry, TenantConfig, login_tenants

_ROLE_NAMES = {
    Role.CASEWORKER: "Handläggare",
    Role.DEPARTMENT_MANAGER: "Chef",
    Role.PROPERTY_OFFICER: "Bostadshandläggare",
    Role.SUPPORT_WORKER: "Boendestödjare",
    Role.SUPPORT_PROVIDER: "Stödutförare",
    Role.TRANSFER_COORDINATOR: "Flyttsamordnare",
    Role.POLICY_OFFICER: "Riktlinjeansvarig",
    Role.LOG_REVIEWER: "Loggranskare",
    Role.STEERING: "Styrgrupp",
    Role.TENANT_ADMIN: "Administratör",
    Role.LANDLORD_AGENT: "Hyresvärd",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in by a click."""

    username: str
    name: str
    title: str
    groups: tuple[str, ...]
    #: Sent as verified, where the address is asked for.
    email: str = ""

    @property
    def subject(self) -> str:
        """The issuer's name for the person: as in life, not one that a reader understands."""
        return hashlib.sha256(f"person:{self.username}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Machine:
    """A program with a client of its own (client credentials)."""

    client_id: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A line of the start banner."""

    slug: str
    kommun: str
    username: str
    name: str
    role: str
    department: str


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def _data_of(slug: str, folder: Path | None) -> dict[str, Any]:
    """The kommun's own file beside those of ``tenants_dir``, else what is built in."""
    file = folder / "people" / f"{slug}.toml" if folder is not None else None
    if file is not None and file.is_file():
        return tomllib.loads(file.read_text(encoding="utf-8"))
    built_in: dict[str, Any] = _data().get(slug, {})
    return built_in


def people_of(slug: str) -> dict[str, Person]:
    """The kommun's demo people by username."""
    return {
        row["username"]: Person(**{**row, "groups": tuple(row["groups"])})
        for row in _data_of(slug, get_settings().tenants_dir).get("people", ())
    }


def machines_of(slug: str) -> dict[str, Machine]:
    """The kommun's demo machines by client id."""
    return {
        row["client_id"]: Machine(**{**row, "groups": tuple(row["groups"])})
        for row in _data_of(slug, get_settings().tenants_dir).get("machines", ())
    }


def has_development_issuer(tenant: TenantConfig) -> bool:
    """Whether the kommun's file names the development issuer."""
    return any(entry.client_secret_from == "development" for entry in tenant.issuers)  # noqa: S105 - says where it is made


def development_entry(tenant: TenantConfig) -> IssuerEntry:
    """The entry of the kommun's file for this issuer. Raises ``LookupError`` when it has none."""
    for entry in tenant.issuers:
        if entry.client_secret_from == "development":  # noqa: S105 - says where it is made
            return entry
    raise LookupError(f"{tenant.slug} does not use the development issuer")


def memberships_in(tenant: TenantConfig, groups: tuple[str, ...]) -> tuple[Membership, ...]:
    """What the kommun's own rules make of ``groups``."""
    return tuple(
        Membership(Role(rule.role), rule.department)
        for rule in development_entry(tenant).rules
        if rule.value in groups
    )


def role_name(membership: Membership) -> str:
    """The role in Swedish, for the page and the banner."""
    return _ROLE_NAMES[membership.role]


def demo_logins() -> list[DemoLogin]:
    """Everyone who can log in, for the start banner."""
    return [
        DemoLogin(
            slug,
            tenant.name,
            person.username,
            person.name,
            ", ".join(role_name(m) for m in memberships) or "ingen",
            ", ".join(m.department for m in memberships if m.department),
        )
        for slug, tenant in login_tenants().items()
        if has_development_issuer(tenant)
        for person in people_of(slug).values()
        for memberships in [memberships_in(tenant, person.groups)]
    ]
