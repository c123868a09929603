"""Households (hushåll) and persons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.clock import today
from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedDay,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Level of protected personal data (skyddade personuppgifter). Unknown counts as protected.
PROTECTION = ("none", "secrecy_mark", "protected_registration", "fictitious", "unknown")
NUMBER_KINDS = ("personal", "coordination")
MEMBER_ROLES = ("applicant", "partner", "child", "other")


class Household(TenantScoped, Versioned, Base):
    """People who are to live together. Belongs to the department (its secrecy zone) that met them."""

    __tablename__ = "households"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        UniqueConstraint("tenant_id", "alias"),
        Index(None, "tenant_id", "department"),
    )

    #: What the household is called where a name is not needed: "H-000123".
    alias: Mapped[str]
    department: Mapped[str]
    registered_on: Mapped[date]


class Person(TenantScoped, Versioned, Base):
    """A person in the records of one department.

    Names and the personal or co-ordination number are sealed; a blind index finds the exact number.
    """

    __tablename__ = "persons"
    # A person who is protected is taken away from everything that landlords are shown, at once.
    __tenancy__ = Owned(
        # The worker enters what the register answers.
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")},
        triggers=("keep_unprotected_until", "withhold_from_landlords"),
    )
    __table_args__ = (
        UniqueConstraint("tenant_id", "department", "number_index"),
        Index(None, "tenant_id", "protection_asked_on"),
        one_of("number_kind", NUMBER_KINDS),
        one_of("protection", PROTECTION),
        CheckConstraint(
            "protection <> 'none' OR protection_checked_on IS NOT NULL",
            name="unprotected_only_when_checked",
        ),
    )

    #: Boards are authorities of their own (OSL 8:1): the same person may stand once in each.
    department: Mapped[str]
    given_name_sealed: Mapped[bytes] = sealed_column("persons.given_name")
    family_name_sealed: Mapped[bytes] = sealed_column("persons.family_name")
    number_sealed: Mapped[bytes] = sealed_column("persons.number")
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    number_kind: Mapped[str]
    #: As the number's first half, it leads whoever knows it to the person.
    birth_date_sealed: Mapped[bytes] = sealed_column("persons.birth_date")
    #: Kommunkod where the person is registered (folkbokförd); empty when not known.
    registered_kommun: Mapped[str | None]
    protection: Mapped[str] = mapped_column(default="unknown")
    #: Where the level is known from, in words.
    protection_source_sealed: Mapped[bytes | None] = sealed_column("persons.protection_source")
    protection_checked_on: Mapped[date | None]
    #: The last day on which "none" is relied on: the check and the kommun's days for it. The database
    #: sets it, whoever writes; without it the person counts as protected.
    unprotected_until: Mapped[date | None] = mapped_column(FetchedValue())
    #: When the register was asked last, whether or not it answered.
    protection_asked_on: Mapped[date | None]

    given_name = SealedText("given_name_sealed")
    family_name = SealedText("family_name_sealed")
    birth_date = SealedDay("birth_date_sealed")
    protection_source = SealedOptionalText("protection_source_sealed")

    @property
    def name(self) -> str:
        """Given name and family name, in clear. The caller has checked the right to see it."""
        return f"{self.given_name} {self.family_name}"

    @property
    def is_protected(self) -> bool:
        """Whether the person must be treated as protected today. Unknown and stale count as it."""
        return self.protected_on(today())

    def protected_on(self, day: date) -> bool:
        """Whether the person must be treated as protected on a day, by what is known now."""
        return self.unprotected_until is None or self.unprotected_until < day


class HouseholdMember(TenantScoped, Base):
    """A person in a household for a time."""

    __tablename__ = "household_members"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)},
        # Whoever comes into a household that is closed to a circle is hidden with it.
        triggers=("withhold_from_landlords", "join_circle"),
    )
    __table_args__ = (
        tenant_reference("households", "household_id"),
        tenant_reference("persons", "person_id"),
        UniqueConstraint("tenant_id", "household_id", "person_id"),
        one_of("role", MEMBER_ROLES),
        Index(None, "tenant_id", "person_id"),
    )

    household_id: Mapped[UUID]
    person_id: Mapped[UUID]
    role: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
