"""Vacancies that landlords report, one by one or in a file; what became of each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("reported", "taken_in", "declined", "withdrawn")
#: Through which door it came: the landlord's own login or client, or an officer who was told.
CHANNELS = ("landlord", "office")
#: Why a flat is not taken in. "other" wants words; the others may have some.
DECLINE_REASONS = (
    "not_needed",
    "too_expensive",
    "too_small",
    "not_accessible",
    "poor_condition",
    "area_not_agreed",
    "outside_agreement",
    "already_known",
    "other",
)
FORMATS = ("csv", "xlsx")
FILE_STATES = ("read", "imported", "discarded")
#: ``known`` is reported or vacant already; ``left_out`` was good and nobody chose it.
ROW_STATES = ("good", "faulty", "known", "imported", "left_out")


class Vacancy(TenantScoped, Versioned, Base):
    """A flat that a landlord says is or becomes free, for the property office to take in or decline."""

    __tablename__ = "vacancies"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        tenant_reference("vacancy_files", "file_id"),
        one_of("state", STATES),
        one_of("channel", CHANNELS),
        one_of("decline_code", DECLINE_REASONS),
        CheckConstraint("rooms BETWEEN 1 AND 20", name="rooms"),
        CheckConstraint("rent_ore >= 0", name="rent"),
        CheckConstraint("step_free_width_cm BETWEEN 50 AND 300", name="step_free_width"),
        CheckConstraint("(state = 'declined') = (decline_code IS NOT NULL)", name="declined"),
        CheckConstraint("state <> 'taken_in' OR unit_id IS NOT NULL", name="taken_in"),
        CheckConstraint("(state = 'reported') = (answered_on IS NULL)", name="answered"),
        # A flat waits for an answer once, whoever reports it and how the name is spelled.
        Index(
            "uq_vacancies_waiting",
            "tenant_id",
            "flat_key",
            unique=True,
            postgresql_where=text("state = 'reported'"),
        ),
        Index(None, "tenant_id", "state", "reported_at"),
        Index(None, "tenant_id", "landlord_id", "state", "reported_at"),
        Index(None, "tenant_id", "unit_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: The unit that it is of: known before ("again vacant"), or made when it was taken in.
    unit_id: Mapped[UUID | None]
    #: Which flat, in a form that does not mind how it is spelled.
    flat_key: Mapped[str]
    state: Mapped[str] = mapped_column(default="reported")
    channel: Mapped[str]
    property_designation: Mapped[str]
    street_address: Mapped[str]
    postal_code: Mapped[str]
    city: Mapped[str]
    area: Mapped[str]
    apartment_number: Mapped[str]
    rooms: Mapped[int]
    size_m2: Mapped[Decimal] = mapped_column(Numeric(6, 1))
    #: Monthly rent in öre, and what it is made of.
    rent_ore: Mapped[int]
    rent_parts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    floor: Mapped[int]
    lift: Mapped[bool]
    step_free: Mapped[bool]
    step_free_width_cm: Mapped[int | None]
    adapted: Mapped[bool]
    available_from: Mapped[date]
    #: The landlord's words on the flat: keys, viewings. Never of persons.
    note_sealed: Mapped[bytes] = sealed_column("vacancies.note")
    note = SealedText("note_sealed")
    reported_on: Mapped[date]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    #: The file and its row, where it came in one.
    file_id: Mapped[UUID | None]
    row_number: Mapped[int | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None]
    decline_code: Mapped[str | None]
    #: In words that the landlord reads.
    answer_words_sealed: Mapped[bytes] = sealed_column("vacancies.answer_words")
    answer_words = SealedText("answer_words_sealed", default="")


class VacancyFile(TenantScoped, Versioned, Base):
    """A file of vacancies that was read: a preview until somebody imports its good rows."""

    __tablename__ = "vacancy_files"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (
        one_of("format", FORMATS),
        one_of("state", FILE_STATES),
        one_of("channel", CHANNELS),
        CheckConstraint("size_bytes > 0", name="size"),
        # The same file is there once; what was thrown away may come again.
        Index(
            "uq_vacancy_files_sha256",
            "tenant_id",
            "landlord_id",
            "sha256",
            unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
        Index(None, "tenant_id", "landlord_id", "read_at"),
        Index(None, "tenant_id", "read_at"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    name_sealed: Mapped[bytes] = sealed_column("vacancy_files.name")
    name = SealedText("name_sealed")
    format: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default="read")
    channel: Mapped[str]
    #: In the landlords' tenant: who has districts sees their own lists and no colleague's.
    sender_id: Mapped[UUID | None]
    #: Field → heading.
    columns: Mapped[dict[str, Any]]
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_good: Mapped[int] = mapped_column(default=0)
    rows_faulty: Mapped[int] = mapped_column(default=0)
    rows_known: Mapped[int] = mapped_column(default=0)
    rows_imported: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[UUID | None]


class VacancyRow(TenantScoped, Base):
    """A row of a file as it was read, and what is wrong with it."""

    __tablename__ = "vacancy_rows"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "UPDATE", "DELETE")})
    __table_args__ = (
        tenant_reference("vacancy_files", "file_id"),
        one_of("state", ROW_STATES),
        CheckConstraint(
            # Longer than an empty list.
            "state <> 'faulty' OR octet_length(problems_sealed) > 31",
            name="faulty_with_reason",
        ),
        UniqueConstraint("tenant_id", "file_id", "number"),
        Index(None, "tenant_id", "file_id", "state", "number"),
    )

    file_id: Mapped[UUID]
    #: As the spreadsheet numbers it: the heading's row is counted.
    number: Mapped[int]
    state: Mapped[str]
    #: Field → value, as they would be reported.
    values_sealed: Mapped[bytes] = sealed_column("vacancy_rows.values")
    values = SealedObject("values_sealed")
    #: Each with ``cell``, ``column``, ``field``, ``rule``, ``given`` and ``params``.
    problems_sealed: Mapped[bytes] = sealed_column("vacancy_rows.problems")
    problems = SealedObjects("problems_sealed")
