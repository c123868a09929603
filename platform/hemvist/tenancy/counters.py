"""Running numbers per tenant: case numbers, household aliases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.tenancy.declaration import WRITE, Owned
from hemvist.tenancy.models import Base, TenantScoped
from hemvist.tenancy.session import TenantSession
from hemvist.tenancy.statements import Ask, answered


class Counter(TenantScoped, Base):
    """The last number given out of one series."""

    __tablename__ = "counters"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (UniqueConstraint("tenant_id", "series"),)

    series: Mapped[str]
    last: Mapped[int] = mapped_column(default=0)


_NEXT = (
    "INSERT INTO counters (tenant_id, id, series, last) SELECT %(tenant)s, %(id)s, %(series)s, 1"
    "{} ON CONFLICT (tenant_id, series) DO UPDATE SET last = counters.last + 1 RETURNING last"
)


def next_number(session: TenantSession, series: str) -> int:
    """The next number of ``series``, from 1. Gapless: the row is locked until the transaction ends."""
    given = {"tenant": session.tenant_id, "id": new_id(), "series": series}
    ((number,),) = session.driver.execute(_NEXT.format(""), given).fetchall()
    last: int = number
    return last


class NextUnless:
    """``next_number`` where a question has no answer, in one statement with it."""

    def __init__(self, question: Select[Any]) -> None:
        """``question`` asks for one column, as an ``Ask`` does."""
        asked = Ask(question)
        # Texts of ours, no value of anybody's.
        self._text = (
            f"WITH found (it) AS ({asked.text}),"  # noqa: S608 - a statement of our own in another
            f" given AS ({_NEXT.format(' WHERE NOT EXISTS (SELECT FROM found)')})"
            " SELECT (SELECT it FROM found LIMIT 1), (SELECT last FROM given)"
        )
        self._constant = asked.constant

    def of(self, session: TenantSession, series: str, **values: Any) -> tuple[Any, int]:
        """The question's first answer, or None, and then the number."""
        given = {**self._constant, **values, "id": new_id(), "series": series}
        ((found, number),) = answered(session, self._text, given)
        return found, number
