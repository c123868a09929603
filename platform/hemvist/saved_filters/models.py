"""Saved filters (sparade urval): a list's selection under a name, one's own or the department's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    FULL,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    codes_only,
    one_of,
    tenant_reference,
)

#: Lists whose selections can be kept, and what each may be restricted by. What stands here stands in an
#: address; a name or a personal number never does.
LISTS: dict[str, tuple[str, ...]] = {
    "work": ("state", "due", "department", "code", "mine"),
    "cases": ("state", "mine"),
    "referrals": ("state",),
    "takeovers": ("which",),
    "guarantees": ("state",),
    "units": ("state", "rooms"),
    "unexecuted": ("late",),
    "incidents": ("which", "kind"),
}


class SavedFilter(TenantScoped, Versioned, Base):
    """A selection of one list that somebody wants back. ``department`` None: only its owner sees it."""

    __tablename__ = "saved_filters"
    # Deleted for real when its owner says so: the name is the person's own text.
    __tenancy__ = Owned({"hemvist_staff": FULL})
    __table_args__ = (
        tenant_reference("principals", "owner_id"),
        one_of("page", tuple(LISTS)),
        codes_only("selection"),
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),
        Index("uq_saved_filters_name", "tenant_id", "owner_id", "page", "name", unique=True),
        Index(
            None,
            "tenant_id",
            "department",
            "page",
            postgresql_where=text("department IS NOT NULL"),
        ),
    )

    owner_id: Mapped[UUID]
    #: The list: its page's path.
    page: Mapped[str]
    name: Mapped[str]
    #: Parameter → value, as in the list's address; only those of ``LISTS``.
    selection: Mapped[dict[str, Any]] = mapped_column(default=dict)
    department: Mapped[str | None]
    saved_at: Mapped[datetime]
