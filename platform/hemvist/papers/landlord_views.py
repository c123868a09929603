"""The papers that a landlord and the kommuner within its reach sent each other."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from hemvist.landlords.views import landlord_view, within_reach
from hemvist.papers.models import LandlordPaper
from hemvist.units.models import Unit

PAPERS = landlord_view(
    "lv_papers",
    within_reach(
        select(
            LandlordPaper.tenant_id,
            LandlordPaper.id,
            LandlordPaper.landlord_id,
            LandlordPaper.unit_id,
            Unit.street_address,
            Unit.apartment_number,
            LandlordPaper.direction,
            LandlordPaper.kind,
            LandlordPaper.title_sealed,
            LandlordPaper.name_sealed,
            LandlordPaper.media_type,
            LandlordPaper.size_bytes,
            LandlordPaper.state,
            LandlordPaper.sent_at,
            LandlordPaper.opened_at,
            LandlordPaper.version,
        )
        .join(
            Unit,
            and_(Unit.tenant_id == LandlordPaper.tenant_id, Unit.id == LandlordPaper.unit_id),
            isouter=True,
        )
        .where(or_(LandlordPaper.unit_id.is_(None), Unit.id.is_not(None))),
        LandlordPaper.tenant_id,
        LandlordPaper.landlord_id,
        designation=Unit.property_designation,
        # What is about no home is for everybody of the landlord.
        nowhere=True,
    ),
)
