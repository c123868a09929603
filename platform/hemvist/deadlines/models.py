"""Obligations (åtaganden med förfallodag) that a pack generates for a case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

STATES = ("open", "done", "cancelled")


class Obligation(TenantScoped, Versioned, Base):
    """Something that somebody must have done by a day.

    ``due_on`` is a day in Europe/Stockholm; ``overdue_since`` is set by the worker the day after.
    """

    __tablename__ = "obligations"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "case_id", "anchor_id", "code", "ordinal"),
        one_of("state", STATES),
        Index(
            "ix_obligations_open_due", "tenant_id", "due_on", postgresql_where=text("state='open'")
        ),
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    #: The pack's id of the obligation, and which one of a recurring row it is (from 1).
    code: Mapped[str]
    ordinal: Mapped[int]
    due_on: Mapped[date]
    #: What it counts from: the name in the pack, the row, and the day.
    anchor: Mapped[str]
    anchor_id: Mapped[UUID]
    anchored_on: Mapped[date]
    #: Who takes part, as the pack's actors: referring, property …
    by: Mapped[list[str]]
    #: Departments that these actors are in this case.
    departments: Mapped[list[str]]
    cite: Mapped[str]
    label: Mapped[dict[str, Any]]
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    #: What carrying it out brings into being, as the pack says: "plan", "decision" or nothing.
    creates: Mapped[str | None]
    pack: Mapped[str]
    pack_version: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    overdue_since: Mapped[date | None]
    done_on: Mapped[date | None]
