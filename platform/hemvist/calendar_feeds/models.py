"""Calendar feeds (kalenderprenumerationer): a secret address that a calendar asks what is due by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, one_of, tenant_reference

LANGUAGES = ("sv", "en")


class CalendarFeed(TenantScoped, Base):
    """One person's feed. The secret in its address is derived, and stands nowhere; revoked is for good."""

    __tablename__ = "calendar_feeds"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        one_of("language", LANGUAGES),
        # One living address each: a new one revokes the old.
        Index(
            "uq_calendar_feeds_living",
            "tenant_id",
            "principal_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    principal_id: Mapped[UUID]
    language: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: When a calendar last asked, to the day: the owner sees whether anybody does.
    read_at: Mapped[datetime | None]
