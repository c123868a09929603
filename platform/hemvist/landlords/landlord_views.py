"""The landlords' own views: who I am, my colleagues, my districts, and the kommuner within reach."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from hemvist.identity.models import Principal
from hemvist.landlords.models import (
    Landlord,
    LandlordAccess,
    LandlordDistrict,
    LandlordDistrictProperty,
    LandlordInvitation,
    LandlordMember,
)
from hemvist.landlords.views import READER, guarded, landlord_view, within_reach
from hemvist.tenancy import Tenant
from hemvist.tenancy.platform import PLATFORM_TENANT

_members = LandlordMember.__table__.c
_mine = select(LandlordMember.landlord_id).where(
    LandlordMember.tenant_id == PLATFORM_TENANT,
    LandlordMember.principal_id == READER,
    LandlordMember.status == "active",
)

# The tables that reach itself is made of cannot ask it. The views below narrow the landlords' own
# rows to the reader's landlords.
for _model in (LandlordMember, LandlordDistrict, LandlordDistrictProperty, Principal):
    guarded(_model, condition=_model.__table__.c.tenant_id == PLATFORM_TENANT)
guarded(
    LandlordAccess,
    condition=LandlordAccess.__table__.c.landlord_id
    == func.any(func.array(_mine.scalar_subquery())),
)

#: The reader's memberships, a row for each landlord.
ME = landlord_view(
    "lv_me",
    select(
        LandlordMember.tenant_id,
        LandlordMember.id,
        LandlordMember.landlord_id,
        LandlordMember.principal_id,
        Principal.display_name.label("name"),
        Landlord.name.label("landlord_name"),
        Landlord.organisation_number,
        LandlordMember.level,
        LandlordMember.districts,
        LandlordMember.since,
        LandlordMember.version,
    )
    .join(
        Principal,
        and_(
            Principal.tenant_id == LandlordMember.tenant_id,
            Principal.id == LandlordMember.principal_id,
        ),
    )
    .join(Landlord, Landlord.id == LandlordMember.landlord_id)
    .where(
        LandlordMember.tenant_id == PLATFORM_TENANT,
        LandlordMember.principal_id == READER,
        LandlordMember.status == "active",
        Principal.status == "active",
    ),
)

#: The kommuner within reach, a row for each landlord that the reader acts for there.
KOMMUNER = landlord_view(
    "lv_kommuner",
    within_reach(
        select(
            LandlordAccess.tenant_id,
            LandlordAccess.id,
            LandlordAccess.landlord_id,
            Tenant.slug,
            Tenant.name,
            Landlord.name.label("landlord_name"),
            LandlordAccess.decided_at.label("since"),
        )
        .join(Tenant, Tenant.id == LandlordAccess.tenant_id)
        .join(Landlord, Landlord.id == LandlordAccess.landlord_id)
        .where(LandlordAccess.status == "open"),
        LandlordAccess.tenant_id,
        LandlordAccess.landlord_id,
    ),
)

_own = aliased(LandlordMember)
_mine_here = and_(
    _own.tenant_id == PLATFORM_TENANT, _own.principal_id == READER, _own.status == "active"
)

#: Everybody who acts for the reader's landlords.
MEMBERS = landlord_view(
    "lv_members",
    select(
        LandlordMember.tenant_id,
        LandlordMember.id,
        LandlordMember.landlord_id,
        LandlordMember.principal_id,
        Principal.display_name.label("name"),
        Principal.kind,
        LandlordMember.level,
        LandlordMember.districts,
        LandlordMember.since,
        LandlordMember.version,
    )
    .join(_own, _own.landlord_id == LandlordMember.landlord_id)
    .join(
        Principal,
        and_(
            Principal.tenant_id == LandlordMember.tenant_id,
            Principal.id == LandlordMember.principal_id,
        ),
    )
    .where(
        LandlordMember.tenant_id == PLATFORM_TENANT,
        LandlordMember.status == "active",
        _mine_here,
    ),
)

#: The districts of the reader's landlords.
DISTRICTS = landlord_view(
    "lv_districts",
    select(
        LandlordDistrict.tenant_id,
        LandlordDistrict.id,
        LandlordDistrict.landlord_id,
        LandlordDistrict.name,
        LandlordDistrict.version,
    )
    .join(_own, _own.landlord_id == LandlordDistrict.landlord_id)
    .where(LandlordDistrict.tenant_id == PLATFORM_TENANT, _mine_here),
)

#: The properties of those districts.
DISTRICT_PROPERTIES = landlord_view(
    "lv_district_properties",
    select(
        LandlordDistrictProperty.tenant_id,
        LandlordDistrictProperty.id,
        LandlordDistrict.landlord_id,
        LandlordDistrictProperty.district_id,
        LandlordDistrictProperty.kommun_id,
        LandlordDistrictProperty.property_designation,
    )
    .join(
        LandlordDistrict,
        and_(
            LandlordDistrict.tenant_id == LandlordDistrictProperty.tenant_id,
            LandlordDistrict.id == LandlordDistrictProperty.district_id,
        ),
    )
    .join(_own, _own.landlord_id == LandlordDistrict.landlord_id)
    .where(LandlordDistrictProperty.tenant_id == PLATFORM_TENANT, _mine_here),
)

guarded(LandlordInvitation, condition=LandlordInvitation.__table__.c.tenant_id == PLATFORM_TENANT)
#: Invitations among the landlord's own people, for its administrators: whom to confirm.
INVITATIONS = landlord_view(
    "lv_invitations",
    select(
        LandlordInvitation.tenant_id,
        LandlordInvitation.id,
        LandlordInvitation.landlord_id,
        LandlordInvitation.kind,
        LandlordInvitation.invited_sealed,
        LandlordInvitation.level,
        LandlordInvitation.districts,
        LandlordInvitation.status,
        LandlordInvitation.invited_by,
        Principal.display_name.label("inviter"),
        LandlordInvitation.invited_at,
        LandlordInvitation.ends_at,
        LandlordInvitation.version,
    )
    .join(_own, _own.landlord_id == LandlordInvitation.landlord_id)
    .join(
        Principal,
        and_(
            Principal.tenant_id == LandlordInvitation.tenant_id,
            Principal.id == LandlordInvitation.invited_by,
        ),
    )
    .where(
        LandlordInvitation.tenant_id == PLATFORM_TENANT,
        _mine_here,
        _own.level == "administrator",
    ),
)
