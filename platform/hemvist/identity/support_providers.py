"""Support providers (stödutförare): who gives support in the home, and whose staff log in by a code."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.tenancy import READ, Base, Owned, TenantScoped, one_of

#: The kommun's own provider (egen regi), or one procured (upphandlad, ramavtal).
REGIMES = ("own", "procured")


class SupportProvider(TenantScoped, Base):
    """Who gives support in the home. Written by onboarding from the kommun's file."""

    __tablename__ = "support_providers"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": READ})
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        one_of("regime", REGIMES),
        CheckConstraint("volume_percent BETWEEN 0 AND 100", name="volume_percent"),
    )

    #: The code that logins and disclosures name; never a department's.
    code: Mapped[str]
    name_sv: Mapped[str]
    name_en: Mapped[str]
    regime: Mapped[str]
    #: The share of commissions that is aimed at (volymfördelningsmål); None where none is stated.
    volume_percent: Mapped[int | None]
    #: Whether new commissions may be given.
    active: Mapped[bool]
