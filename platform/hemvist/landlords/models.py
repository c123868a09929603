"""Landlords (hyresvärdar, fastighetsägare)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from hemvist.ids import new_id
from hemvist.tenancy import APPEND, READ, Base, Global


class Landlord(Base):
    """An organisation that lets homes. The same one may let to several kommuner."""

    __tablename__ = "landlords"
    __tenancy__ = Global(
        reason="A company's public registration; which kommun deals with it stands in tenant tables.",
        grants={"hemvist_staff": APPEND, "hemvist_landlord": READ, "hemvist_worker": READ},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Organisationsnummer, ten digits.
    organisation_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
