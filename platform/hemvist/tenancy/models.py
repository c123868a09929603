"""The declarative base, the tenant-scoped mixin, and the registry of tenants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.tenancy.declaration import READ, Declaration, Global

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. A table without ``__tenancy__`` cannot be declared."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        UUID: Uuid(),
        date: Date(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
    }

    __tenancy__: ClassVar[Declaration]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__tablename__" in cls.__dict__:
            if not hasattr(cls, "__tenancy__"):
                raise TypeError(f"{cls.__name__} does not say whether it is tenant-owned")
            cls.metadata.tables[cls.__tablename__].info["tenancy"] = cls.__tenancy__


class TenantScoped:
    """Mixin of every tenant-owned table: key ``(tenant_id, id)``, so that it distributes on Citus."""

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenants.id"), primary_key=True, sort_order=-2
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class Versioned:
    """Mixin of aggregates that people change: the caller's version is checked on each write."""

    version: Mapped[int] = mapped_column(default=1)


def tenant_reference(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key that can only point at a row of the same tenant."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that holds a text column to ``values``.

    Text and not an enum: enum equality is not leakproof, so row security would keep it from indexes.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def codes_only(column: str) -> CheckConstraint:
    """A CHECK that holds a document to codes, ids, days and numbers: no text in it has a space in it or
    is long, however deep it stands.

    Such columns are asked in SQL and stay in clear; what is said in words belongs in a sealed one.
    """
    words = r'strict $.** ? (@.type() == "string" && @ like_regex "\\s|^.{101}")'
    return CheckConstraint(f"NOT {column} @? '{words}'", name="codes_only")


#: A kommun; the one tenant in which the landlords' people log in; or a network for protected moves, in
#: which nobody does.
TENANT_KINDS = ("kommun", "landlords", "network")
#: Only in an active kommun does anybody log in, do landlords see anything, and do workers work. One in
#: preparation is being made; a suspended one comes back; a closed one has left.
TENANT_STATUSES = ("preparing", "active", "suspended", "closed")
ACTIVE = "active"


class Tenant(Base):
    """A kommun on this instance; and what is none: the landlords' own tenant, and networks."""

    __tablename__ = "tenants"
    __tenancy__ = Global(
        reason="The register of kommuner: public facts, needed before a tenant is known.",
        grants={
            "hemvist_staff": READ,
            "hemvist_landlord": READ,
            "hemvist_worker": READ,
            "hemvist_exchange": READ,
            "hemvist_operator": READ,
        },
        triggers=("recount_unprotected_until",),
    )

    __table_args__ = (
        one_of("kind", TENANT_KINDS),
        one_of("status", TENANT_STATUSES),
        CheckConstraint("protection_days BETWEEN 1 AND 36525", name="protection_days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Kommunkod, four digits as text ("0180" keeps its zero).
    kommun_code: Mapped[str] = mapped_column(unique=True)
    #: Name in addresses and commands: lower case, no å ä ö.
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="kommun", server_default="kommun")
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    #: Days for which it is relied on that somebody was looked up as unprotected.
    protection_days: Mapped[int] = mapped_column(default=90, server_default="90")
