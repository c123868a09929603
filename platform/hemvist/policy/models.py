"""Which packs a kommun has adopted, and since when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.tenancy import READ, Base, Owned, TenantScoped


class PackAdoption(TenantScoped, Base):
    """The kommun works by a pack from a day on. Written by onboarding."""

    __tablename__ = "pack_adoptions"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": READ})
    __table_args__ = (UniqueConstraint("tenant_id", "pack"),)

    pack: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
