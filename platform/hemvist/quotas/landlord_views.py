"""What a landlord's quotas are reckoned from, as its own people may read it.

A quota is of all that the landlord has with a kommun, so an agent of one district sees its figures
whole. Therefore these views go without districts, and without what tells one home from another: no
address, and the property only as a digest, which can be compared with those that the agreement names.
"""

from __future__ import annotations

from hashlib import md5

from sqlalchemy import and_, any_, func, or_, select

from hemvist.landlords.views import REACH, guarded, landlord_view, within_reach
from hemvist.quotas.models import QuotaBase, QuotaPlacement
from hemvist.units.models import Unit, UnitStateLine
from hemvist.vacancies.models import Vacancy

_bases = QuotaBase.__table__.c
guarded(
    QuotaBase,
    condition=and_(
        _bases.tenant_id == any_(func.array(select(REACH.c.tenant_id).scalar_subquery())),
        or_(
            _bases.landlord_id.is_(None),
            _bases.landlord_id == any_(func.array(select(REACH.c.landlord_id).scalar_subquery())),
        ),
    ),
)
guarded(QuotaPlacement, through=(QuotaPlacement.unit_id, Unit))


def place(property_designation: str) -> str:
    """A property (fastighetsbeteckning) as the views have it."""
    return md5(property_designation.encode(), usedforsecurity=False).hexdigest()


_reach = REACH.alias("own_reach")
#: The landlord's figures, and those of the whole market.
FIGURES = landlord_view(
    "lv_quota_figures",
    select(
        QuotaBase.tenant_id,
        QuotaBase.id,
        _reach.c.landlord_id,
        QuotaBase.agreement_id,
        QuotaBase.kind,
        QuotaBase.area,
        QuotaBase.from_on,
        QuotaBase.to_on,
        QuotaBase.homes,
    )
    .join(_reach, _reach.c.tenant_id == QuotaBase.tenant_id)
    .where(
        QuotaBase.taken_back_on.is_(None),
        or_(QuotaBase.landlord_id.is_(None), QuotaBase.landlord_id == _reach.c.landlord_id),
    ),
)

#: Homes with what a person placed them in.
HOMES = landlord_view(
    "lv_quota_homes",
    within_reach(
        select(
            Unit.tenant_id,
            Unit.id,
            Unit.landlord_id,
            Unit.area,
            func.md5(Unit.property_designation).label("property_designation"),
            QuotaPlacement.placed_on,
            QuotaPlacement.agreement_id.label("placed_agreement_id"),
            QuotaPlacement.code.label("placed_code"),
        ).outerjoin(
            QuotaPlacement,
            and_(QuotaPlacement.tenant_id == Unit.tenant_id, QuotaPlacement.unit_id == Unit.id),
        ),
        Unit.tenant_id,
        Unit.landlord_id,
    ),
)

#: States of homes by the day.
CHANGES = landlord_view(
    "lv_quota_changes",
    within_reach(
        select(
            UnitStateLine.tenant_id,
            UnitStateLine.id,
            UnitStateLine.landlord_id,
            UnitStateLine.unit_id,
            UnitStateLine.state,
            UnitStateLine.since,
            UnitStateLine.cause,
        ),
        UnitStateLine.tenant_id,
        UnitStateLine.landlord_id,
    ),
)

#: Vacancies that were reported, and what became of them.
REPORTED = landlord_view(
    "lv_quota_reported",
    within_reach(
        select(
            Vacancy.tenant_id,
            Vacancy.id,
            Vacancy.landlord_id,
            Vacancy.unit_id,
            Vacancy.area,
            func.md5(Vacancy.property_designation).label("property_designation"),
            Vacancy.state,
            Vacancy.reported_on,
            Vacancy.answered_on,
        ),
        Vacancy.tenant_id,
        Vacancy.landlord_id,
    ),
)
