"""What landlords report of rents: tenancies with what is owed of them, month by month."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedDate,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Early signals, the gravest last: a rent that was late, the second in twelve months, a debt that
#: grows, more than one rent owed, debt collection (inkasso), an application for eviction.
SIGNALS = ("late", "second_time", "rising", "several_rents", "collection", "eviction_applied")
#: Whether children live there. Nobody is done with before it is known.
CHILDREN = ("unknown", "yes", "no")


class RentAccount(TenantScoped, Versioned, Base):
    """A tenancy as its landlord names it, with what is owed of it now.

    It may be one of the kommun's own contracts, or a tenancy that the kommun only hears of because the
    rent is late. Belongs to the department (its secrecy zone) that was given the file.
    """

    __tablename__ = "rent_accounts"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("households", "household_id"),
        tenant_reference("contracts", "contract_id"),
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "department", "landlord_id", "reference"),
        one_of("children", CHILDREN),
        CheckConstraint("balance_ore >= 0", name="balance"),
        CheckConstraint("(balance_ore = 0) = (owing_since IS NULL)", name="owing_since"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "contract_id"),
        # Who gives a signal, the most owed first.
        Index(
            "ix_rent_accounts_signals",
            "tenant_id",
            "balance_ore",
            "id",
            postgresql_where=text("signals <> '{}'"),
        ),
    )

    department: Mapped[str]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: The landlord's own number of the tenancy (avtalsnummer, objektsnummer).
    reference: Mapped[str]
    #: As the landlord writes it. Lists show it of nobody who is ``protected``.
    tenant_name_sealed: Mapped[bytes] = sealed_column("rent_accounts.tenant_name")
    tenant_name = SealedText("tenant_name_sealed")
    #: Blind index of the personal number; the number itself is not kept.
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date_sealed: Mapped[bytes | None] = sealed_column("rent_accounts.birth_date")
    birth_date = SealedDate("birth_date_sealed")
    street_address_sealed: Mapped[bytes] = sealed_column("rent_accounts.street_address")
    street_address = SealedText("street_address_sealed")
    apartment_number_sealed: Mapped[bytes] = sealed_column("rent_accounts.apartment_number")
    apartment_number = SealedText("apartment_number_sealed")
    area: Mapped[str]
    #: A person with the same number, or a contract of the same home, is in the department's records.
    household_id: Mapped[UUID | None]
    contract_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    #: Somebody in it is to be treated as protected: name and address are not shown in lists.
    protected: Mapped[bool] = mapped_column(server_default=text("false"))
    #: Owed by rents that are due, in öre; since when; of how many months.
    balance_ore: Mapped[int] = mapped_column(default=0)
    owing_since: Mapped[date | None]
    months_owing: Mapped[int] = mapped_column(default=0)
    #: Rents late or unpaid of the twelve months before ``position_on``.
    late_months: Mapped[int] = mapped_column(default=0)
    signals: Mapped[list[str]]
    #: The day as of which the landlord's latest file shows it.
    position_on: Mapped[date]
    collection: Mapped[bool] = mapped_column(server_default=text("false"))
    eviction_applied: Mapped[bool] = mapped_column(server_default=text("false"))
    #: The day on which the tenant last got in touch about the rent.
    called_on: Mapped[date | None]
    children: Mapped[str] = mapped_column(default="unknown")


class RentMonth(TenantScoped, Base):
    """One month's rent of a tenancy: what the landlord's latest file says of it."""

    __tablename__ = "rent_months"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("rent_accounts", "account_id"),
        tenant_reference("arrears_files", "file_id"),
        UniqueConstraint("tenant_id", "account_id", "month"),
        CheckConstraint("owed_ore >= 0", name="owed"),
        CheckConstraint("rent_ore IS NULL OR rent_ore >= 0", name="rent"),
        CheckConstraint("extract(day from month) = 1", name="month"),
    )

    account_id: Mapped[UUID]
    #: Its first day.
    month: Mapped[date]
    due_on: Mapped[date]
    #: Null where the file tells only what is owed.
    rent_ore: Mapped[int | None]
    owed_ore: Mapped[int]
    #: The day on which the last of it was paid, where the landlord says so.
    paid_on: Mapped[date | None]
    #: The file, and the row in it, that said so.
    file_id: Mapped[UUID]
    row_number: Mapped[int]
