"""What a landlord sees of a kommun's contact cards: those in use, of the kommuner within reach."""

from __future__ import annotations

from sqlalchemy import and_, select

from hemvist.contact_cards.models import ContactCard
from hemvist.landlords.models import LandlordAccess
from hemvist.landlords.views import guarded, landlord_view, within_reach
from hemvist.tenancy import Tenant

# Every landlord that a kommun has let in calls the same number.
guarded(ContactCard, kommun=True)

CONTACT_CARDS = landlord_view(
    "lv_contact_cards",
    within_reach(
        select(
            ContactCard.tenant_id,
            ContactCard.id,
            LandlordAccess.landlord_id,
            Tenant.name.label("kommun_name"),
            ContactCard.position,
            ContactCard.name,
            ContactCard.matters,
            ContactCard.phone,
            ContactCard.email,
            ContactCard.hours,
            ContactCard.out_of_hours,
            ContactCard.changed_at,
        )
        .join(
            LandlordAccess,
            and_(
                LandlordAccess.tenant_id == ContactCard.tenant_id,
                LandlordAccess.status == "open",
            ),
        )
        .join(Tenant, Tenant.id == ContactCard.tenant_id)
        .where(ContactCard.state == "in_use"),
        ContactCard.tenant_id,
        LandlordAccess.landlord_id,
    ),
)
