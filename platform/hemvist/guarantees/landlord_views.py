"""The guarantees that a landlord holds, and its claims on them: what the two parties agreed and paid.

What the household is asked to pay back is between it and the kommun, and the reasons of a decision
stand in the decision.
"""

from __future__ import annotations

from sqlalchemy import and_, select

from hemvist.contracts.models import Contract
from hemvist.guarantees.models import Guarantee, GuaranteeClaim
from hemvist.landlords.views import guarded, landlord_view, within_reach
from hemvist.units.models import Unit

guarded(GuaranteeClaim, through=(GuaranteeClaim.guarantee_id, Guarantee))

_CONTRACT = and_(Contract.tenant_id == Guarantee.tenant_id, Contract.id == Guarantee.contract_id)
_UNIT = and_(Unit.tenant_id == Contract.tenant_id, Unit.id == Contract.unit_id)

GUARANTEES = landlord_view(
    "lv_guarantees",
    within_reach(
        select(
            Guarantee.tenant_id,
            Guarantee.id,
            Guarantee.landlord_id,
            Unit.id.label("unit_id"),
            Unit.street_address,
            Unit.apartment_number,
            Guarantee.kind,
            Guarantee.state,
            Guarantee.starts_on,
            Guarantee.ends_on,
            Guarantee.ended_on,
            Guarantee.covers,
            Guarantee.rent_ore,
            Guarantee.cap_ore,
            Guarantee.approved_ore,
            Guarantee.paid_ore,
        )
        .join(Contract, _CONTRACT)
        .join(Unit, _UNIT),
        Guarantee.tenant_id,
        Guarantee.landlord_id,
        designation=Unit.property_designation,
    ),
)

CLAIMS = landlord_view(
    "lv_claims",
    within_reach(
        select(
            GuaranteeClaim.tenant_id,
            GuaranteeClaim.id,
            Guarantee.landlord_id,
            GuaranteeClaim.guarantee_id,
            GuaranteeClaim.kind,
            GuaranteeClaim.state,
            GuaranteeClaim.amount_ore,
            GuaranteeClaim.approved_ore,
            GuaranteeClaim.paid_ore,
            GuaranteeClaim.period_from,
            GuaranteeClaim.period_to,
            GuaranteeClaim.received_on,
            GuaranteeClaim.decided_on,
        )
        .join(
            Guarantee,
            and_(
                Guarantee.tenant_id == GuaranteeClaim.tenant_id,
                Guarantee.id == GuaranteeClaim.guarantee_id,
            ),
        )
        .join(Contract, _CONTRACT)
        .join(Unit, _UNIT),
        GuaranteeClaim.tenant_id,
        Guarantee.landlord_id,
        designation=Unit.property_designation,
    ),
)
