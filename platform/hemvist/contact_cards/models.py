"""Contact cards: which function of the kommun a landlord calls, about what, and when.

Landlords say in every source that they must know whom to call: one way in (JKP-01, NKP-01, SOD-18,
VAS-33). The first card is that way; further ones are for what another function answers.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, Versioned, one_of, tenant_reference

STATES = ("in_use", "withdrawn")
MAX_NAME = 80
MAX_TEXT = 300


class ContactCard(TenantScoped, Versioned, Base):
    """A function of the kommun, never a person: its people change, the number does not."""

    __tablename__ = "contact_cards"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (
        tenant_reference("principals", "changed_by"),
        one_of("state", STATES),
        CheckConstraint(f"length(name) BETWEEN 1 AND {MAX_NAME}", name="name"),
        CheckConstraint("position BETWEEN 1 AND 99", name="position"),
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),
        Index(
            "ix_contact_cards_in_use",
            "tenant_id",
            "position",
            "id",
            postgresql_where=text("state = 'in_use'"),
        ),
    )

    #: 1 is the way in; the others follow in order.
    position: Mapped[int]
    #: What the function is called: "Bostadssamordningen".
    name: Mapped[str]
    #: What to call about, in the kommun's words.
    matters: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    #: When somebody answers: "vardagar 8-16".
    hours: Mapped[str | None]
    #: What to do when nobody does.
    out_of_hours: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="in_use", server_default="in_use")
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
