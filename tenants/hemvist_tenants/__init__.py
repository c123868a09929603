"""A kommun as data: one TOML file each. Reading them, onboarding, and their issuers."""

from hemvist_tenants.activation import development_secret, directory_of, issuer_address, onboard
from hemvist_tenants.config import (
    Colours,
    Department,
    DepartmentKind,
    IssuerEntry,
    MembershipRule,
    RegisterEntry,
    TenantConfig,
)
from hemvist_tenants.loader import known_tenants, load_tenant, load_tenants, login_tenants
from hemvist_tenants.reading import TenantFileError
from hemvist_tenants.switches import SWITCHES, Switch, is_on

__all__ = [
    "SWITCHES",
    "Colours",
    "Department",
    "DepartmentKind",
    "IssuerEntry",
    "MembershipRule",
    "RegisterEntry",
    "Switch",
    "TenantConfig",
    "TenantFileError",
    "development_secret",
    "directory_of",
    "is_on",
    "issuer_address",
    "known_tenants",
    "load_tenant",
    "load_tenants",
    "login_tenants",
    "onboard",
]
