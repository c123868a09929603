"""Tenants (kommuner): declaration of tables, the tenant session, keys."""

from hemvist.db import Audience
from hemvist.tenancy.declaration import (
    APPEND,
    FULL,
    READ,
    WRITE,
    Declaration,
    Global,
    Owned,
    security_statements,
)
from hemvist.tenancy.models import (
    Base,
    Tenant,
    TenantScoped,
    Versioned,
    codes_only,
    one_of,
    tenant_reference,
)
from hemvist.tenancy.sealed import (
    SealedBytes,
    SealedDate,
    SealedDay,
    SealedFile,
    SealedJson,
    SealedObject,
    SealedObjects,
    SealedOptionalText,
    SealedText,
    SealedTexts,
    sealed_column,
)
from hemvist.tenancy.session import TenantSession, tenant_session

__all__ = [
    "APPEND",
    "FULL",
    "READ",
    "WRITE",
    "Audience",
    "Base",
    "Declaration",
    "Global",
    "Owned",
    "SealedBytes",
    "SealedDate",
    "SealedDay",
    "SealedFile",
    "SealedJson",
    "SealedObject",
    "SealedObjects",
    "SealedOptionalText",
    "SealedText",
    "SealedTexts",
    "Tenant",
    "TenantScoped",
    "TenantSession",
    "Versioned",
    "codes_only",
    "one_of",
    "sealed_column",
    "security_statements",
    "tenant_reference",
    "tenant_session",
]
