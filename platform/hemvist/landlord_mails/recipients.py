"""Who of a landlord's people is mailed of an event, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hemvist.identity.models import Principal
from hemvist.landlords.models import LandlordDistrictProperty, LandlordMember
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

EMAIL_FIELD = "landlord_members.email"


@dataclass(frozen=True, slots=True)
class Concern:
    """What decides who is told: whose event it is, and where what it is about lies."""

    landlord_id: UUID
    kommun_id: UUID | None
    #: Fastighetsbeteckning: members with districts are told of their own only.
    property_designation: str | None = None
    administrators_only: bool = False


def concerned(session: TenantSession, concern: Concern) -> Sequence[UUID]:
    """The principals of the landlords' tenant that are told, by their membership just now."""
    members = session.execute(
        select(LandlordMember.principal_id, LandlordMember.level, LandlordMember.districts)
        .join(
            Principal,
            (Principal.tenant_id == LandlordMember.tenant_id)
            & (Principal.id == LandlordMember.principal_id),
        )
        .where(
            LandlordMember.landlord_id == concern.landlord_id,
            LandlordMember.status == "active",
            LandlordMember.email_sealed.is_not(None),
            Principal.status == "active",
        )
        .order_by(LandlordMember.id)
    ).all()
    if concern.administrators_only:
        return [one.principal_id for one in members if one.level == "administrator"]
    if concern.property_designation is None or not any(one.districts for one in members):
        return [one.principal_id for one in members]
    here = set(
        session.scalars(
            select(LandlordDistrictProperty.district_id).where(
                LandlordDistrictProperty.kommun_id == concern.kommun_id,
                LandlordDistrictProperty.property_designation == concern.property_designation,
            )
        )
    )
    return [one.principal_id for one in members if not one.districts or here & set(one.districts)]


def address_for(
    session: TenantSession, principal_id: UUID, landlords: Sequence[UUID]
) -> str | None:
    """Where the person is mailed about these landlords; None when they act for none of them any more."""
    row = session.scalar(
        select(LandlordMember)
        .join(
            Principal,
            (Principal.tenant_id == LandlordMember.tenant_id)
            & (Principal.id == LandlordMember.principal_id),
        )
        .where(
            LandlordMember.principal_id == principal_id,
            LandlordMember.landlord_id.in_(landlords),
            LandlordMember.status == "active",
            LandlordMember.email_sealed.is_not(None),
            Principal.status == "active",
        )
        .order_by(LandlordMember.since.desc(), LandlordMember.id)
        .limit(1)
    )
    if row is None or row.email_sealed is None:
        return None
    return tenant_keys(row.tenant_id).open(EMAIL_FIELD, row.email_sealed)
