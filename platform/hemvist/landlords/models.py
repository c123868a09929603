"""Landlords (hyresvärdar, fastighetsägare), their people, and which kommuner they reach."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.tenancy import (
    APPEND,
    FULL,
    READ,
    WRITE,
    Base,
    Global,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: What a member may do: an administrator also looks after the landlord's other members.
LEVELS = ("agent", "administrator")
MEMBER_STATUSES = ("active", "ended")
ACCESS_STATUSES = ("proposed", "open", "declined", "closed")
INVITATION_STATUSES = ("proposed", "confirmed", "accepted", "withdrawn")
INVITED_KINDS = ("person", "machine")


class Landlord(Base):
    """An organisation that lets homes. The same one may let to several kommuner."""

    __tablename__ = "landlords"
    __tenancy__ = Global(
        reason="A company's public registration; which kommun deals with it stands in tenant tables.",
        grants={"hemvist_staff": APPEND, "hemvist_landlord": READ, "hemvist_worker": READ},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Organisationsnummer, ten digits.
    organisation_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class LandlordAccess(TenantScoped, Versioned, Base):
    """A kommun's door for a landlord: one person proposes that it be opened, another opens it."""

    __tablename__ = "landlord_access"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        UniqueConstraint("tenant_id", "landlord_id"),
        one_of("status", ACCESS_STATUSES),
        Index(None, "landlord_id", "tenant_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    status: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    #: Who opened or declined: never the one who proposed.
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    #: Why it was declined or closed.
    reason: Mapped[str | None]


class LandlordMember(TenantScoped, Versioned, Base):
    """Somebody (or a machine) who acts for a landlord. Rows of the landlords' own tenant."""

    __tablename__ = "landlord_members"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id", "landlord_id"),
        UniqueConstraint("tenant_id", "invitation_id"),
        one_of("level", LEVELS),
        one_of("status", MEMBER_STATUSES),
        Index(None, "tenant_id", "landlord_id"),
    )

    principal_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    level: Mapped[str]
    #: The districts whose properties the member sees; empty means every property.
    districts: Mapped[list[UUID]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(default="active")
    #: Sealed ``landlord_members.email``: where mail about the work goes. None for a machine.
    email_sealed: Mapped[bytes | None] = sealed_column("landlord_members.email")
    #: The invitation that was accepted, in the kommun's tenant or in this one.
    invitation_id: Mapped[UUID]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]


class LandlordInvitation(TenantScoped, Versioned, Base):
    """An invitation to act for a landlord, of the kommun or of the landlord itself.

    One invites, another confirms; then the link works, for whoever logs in with the very address.
    """

    __tablename__ = "landlord_invitations"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_sha256"),
        one_of("status", INVITATION_STATUSES),
        one_of("level", LEVELS),
        one_of("kind", INVITED_KINDS),
        Index(None, "tenant_id", "landlord_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    kind: Mapped[str]
    #: Sealed ``landlord_invitations.invited``: an e-mail address, or a machine's client id.
    invited_sealed: Mapped[bytes] = sealed_column("landlord_invitations.invited")
    level: Mapped[str]
    districts: Mapped[list[UUID]] = mapped_column(default=list)
    status: Mapped[str]
    #: Digest of the link's secret; made when the invitation is confirmed.
    token_sha256: Mapped[bytes | None]
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime]
    #: Never the one who invited.
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    #: The principal of the landlords' tenant that accepted.
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None]


class LandlordDistrict(TenantScoped, Versioned, Base):
    """A part of a landlord's stock, as it divides the work. Rows of the landlords' own tenant."""

    __tablename__ = "landlord_districts"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (UniqueConstraint("tenant_id", "landlord_id", "name"),)

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    name: Mapped[str]


class LandlordDistrictProperty(TenantScoped, Base):
    """A property (fastighet) of a district, in a kommun."""

    __tablename__ = "landlord_district_properties"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("landlord_districts", "district_id"),
        UniqueConstraint("tenant_id", "district_id", "kommun_id", "property_designation"),
    )

    district_id: Mapped[UUID]
    kommun_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    #: Fastighetsbeteckning, as the units of the kommun have it.
    property_designation: Mapped[str]
