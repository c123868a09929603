"""What a landlord sees of its own units in the kommuner within reach."""

from __future__ import annotations

from sqlalchemy import and_, select

from hemvist.landlords.views import guarded, landlord_view, within_reach
from hemvist.units.models import Unit, UnitFile, UnitFileBytes, UnitStateLine

UNITS = landlord_view(
    "lv_units",
    within_reach(
        select(
            Unit.tenant_id,
            Unit.id,
            Unit.landlord_id,
            Unit.property_designation,
            Unit.street_address,
            Unit.postal_code,
            Unit.city,
            Unit.area,
            Unit.apartment_number,
            Unit.source,
            Unit.rooms,
            Unit.size_m2,
            Unit.rent_ore,
            Unit.rent_parts,
            Unit.floor,
            Unit.lift,
            Unit.step_free,
            Unit.step_free_width_cm,
            Unit.adapted,
            Unit.available_from,
            Unit.state,
            Unit.version,
        ),
        Unit.tenant_id,
        Unit.landlord_id,
        designation=Unit.property_designation,
    ),
)

#: The states that a unit has been in. By whom and on which offer or contract is the kommun's.
UNIT_STATES = landlord_view(
    "lv_unit_states",
    within_reach(
        select(
            UnitStateLine.tenant_id,
            UnitStateLine.id,
            UnitStateLine.landlord_id,
            UnitStateLine.unit_id,
            UnitStateLine.state,
            UnitStateLine.since,
        ).join(
            Unit,
            and_(
                Unit.tenant_id == UnitStateLine.tenant_id,
                Unit.id == UnitStateLine.unit_id,
                # Since it was another's, it says nothing to this one.
                Unit.landlord_id == UnitStateLine.landlord_id,
            ),
        ),
        UnitStateLine.tenant_id,
        UnitStateLine.landlord_id,
        designation=Unit.property_designation,
    ),
)

guarded(UnitFile, through=(UnitFile.unit_id, Unit))
guarded(UnitFileBytes, through=(UnitFileBytes.file_id, UnitFile))

#: Pictures and plans of the flat, whoever put them in.
UNIT_FILES = landlord_view(
    "lv_unit_files",
    within_reach(
        select(
            UnitFile.tenant_id,
            UnitFile.id,
            Unit.landlord_id,
            UnitFile.unit_id,
            UnitFile.kind,
            UnitFile.name,
            UnitFile.media_type,
            UnitFile.size_bytes,
            UnitFile.sha256,
            UnitFile.caption,
            UnitFile.added_at,
        ).join(Unit, and_(Unit.tenant_id == UnitFile.tenant_id, Unit.id == UnitFile.unit_id)),
        Unit.tenant_id,
        Unit.landlord_id,
        designation=Unit.property_designation,
    ),
)

#: Their bytes, apart: a list never reads them.
UNIT_FILE_BYTES = landlord_view(
    "lv_unit_file_bytes",
    within_reach(
        select(
            UnitFileBytes.tenant_id,
            UnitFileBytes.id,
            Unit.landlord_id,
            UnitFileBytes.file_id,
            UnitFileBytes.content,
        )
        .join(
            UnitFile,
            and_(
                UnitFile.tenant_id == UnitFileBytes.tenant_id,
                UnitFile.id == UnitFileBytes.file_id,
            ),
        )
        .join(Unit, and_(Unit.tenant_id == UnitFile.tenant_id, Unit.id == UnitFile.unit_id)),
        Unit.tenant_id,
        Unit.landlord_id,
        designation=Unit.property_designation,
    ),
)
