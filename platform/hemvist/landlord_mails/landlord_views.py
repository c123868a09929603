"""What a landlord's person has chosen to be mailed of."""

from __future__ import annotations

from sqlalchemy import and_, func, select, true

from hemvist.identity.models import Principal
from hemvist.landlord_mails.models import LandlordMailWish
from hemvist.landlords.models import LandlordMember
from hemvist.landlords.views import READER, guarded, landlord_view
from hemvist.tenancy.platform import PLATFORM_TENANT

guarded(LandlordMailWish, condition=LandlordMailWish.__table__.c.principal_id == READER)

#: The reader's own choice, once for each of their memberships: it holds for all of them.
CHOICES = landlord_view(
    "lv_mail_choices",
    select(
        LandlordMember.tenant_id,
        LandlordMember.id,
        LandlordMember.landlord_id,
        LandlordMember.principal_id,
        func.coalesce(LandlordMailWish.at_once, true()).label("at_once"),
        func.coalesce(LandlordMailWish.daily, true()).label("daily"),
        func.coalesce(LandlordMailWish.language, "sv").label("language"),
        func.coalesce(LandlordMailWish.version, 0).label("version"),
        # A machine has no address, and nobody who was not invited by one.
        LandlordMember.email_sealed.is_not(None).label("mailed"),
    )
    .join(
        Principal,
        and_(
            Principal.tenant_id == LandlordMember.tenant_id,
            Principal.id == LandlordMember.principal_id,
        ),
    )
    .outerjoin(
        LandlordMailWish,
        and_(
            LandlordMailWish.tenant_id == LandlordMember.tenant_id,
            LandlordMailWish.principal_id == LandlordMember.principal_id,
        ),
    )
    .where(
        LandlordMember.tenant_id == PLATFORM_TENANT,
        LandlordMember.principal_id == READER,
        LandlordMember.status == "active",
        Principal.status == "active",
    ),
)
