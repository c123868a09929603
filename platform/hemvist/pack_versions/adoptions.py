"""Which guidelines the kommun works by."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, or_, select

from hemvist.policy.models import PackAdoption
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

_ADOPTED = Ask(
    select(PackAdoption.pack)
    .where(
        PackAdoption.tenant_id == of_tenant(),
        PackAdoption.since <= bindparam("day"),
        or_(PackAdoption.until.is_(None), PackAdoption.until >= bindparam("day")),
    )
    .order_by(PackAdoption.pack)
)


def adopted_packs(session: TenantSession, on: date) -> list[str]:
    """Names of the packs that the kommun works by on a day."""
    return [pack for (pack,) in _ADOPTED.rows(session, day=on)]
