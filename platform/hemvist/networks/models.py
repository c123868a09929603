"""A network is a tenant of its own, so that what is cleared in it is in nobody else's reach."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import READ, Base, Global


class Network(Base):
    """The rules and members of a network, as all its members agreed on them.

    Its id is that of a tenant of kind ``network``, in which nobody logs in.
    """

    __tablename__ = "networks"
    __tenancy__ = Global(
        reason="Which kommuner are in a network and by which rules: known to all of them, of no"
        " household and of no move.",
        grants={
            "hemvist_staff": READ,
            "hemvist_worker": READ,
            "hemvist_exchange": READ,
            "hemvist_operator": READ,
        },
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    #: Name in addresses and commands: "skyddad-flytt".
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: The file as it was read; ``hemvist.networks.rules`` says what it means.
    content: Mapped[dict[str, Any]]
    entered_at: Mapped[datetime]
