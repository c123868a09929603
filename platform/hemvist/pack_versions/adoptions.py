"""Which guidelines the kommun works by."""

from __future__ import annotations

from collections.abc import Callable
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


_INFO = "hemvist.adopted"


def learn_adoptions(session: TenantSession, adopted: Callable[[date], list[str]]) -> None:
    """Take over what the session's transaction has read of them already."""
    session.info[_INFO] = adopted


def adopted_packs(session: TenantSession, on: date) -> list[str]:
    """Names of the packs that the kommun works by on a day."""
    learnt: Callable[[date], list[str]] | None = session.info.get(_INFO)
    if learnt is not None:
        return learnt(on)
    return [pack for (pack,) in _ADOPTED.rows(session, day=on)]
