"""Running numbers per tenant: case numbers, household aliases."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.tenancy.declaration import WRITE, Owned
from hemvist.tenancy.models import Base, TenantScoped
from hemvist.tenancy.session import TenantSession


class Counter(TenantScoped, Base):
    """The last number given out of one series."""

    __tablename__ = "counters"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (UniqueConstraint("tenant_id", "series"),)

    series: Mapped[str]
    last: Mapped[int] = mapped_column(default=0)


_NEXT = (
    "INSERT INTO counters (tenant_id, id, series, last) VALUES (%(tenant)s, %(id)s, %(series)s, 1)"
    " ON CONFLICT (tenant_id, series) DO UPDATE SET last = counters.last + 1 RETURNING last"
)


def next_number(session: TenantSession, series: str) -> int:
    """The next number of ``series``, from 1. Gapless: the row is locked until the transaction ends."""
    given = {"tenant": session.tenant_id, "id": new_id(), "series": series}
    ((number,),) = session.driver.execute(_NEXT, given).fetchall()
    last: int = number
    return last
