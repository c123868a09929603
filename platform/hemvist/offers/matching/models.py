"""Tables of matching: what households need, runs with the ranked list, and choices of a landlord."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, SmallInteger, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    READ,
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedText,
    SealedTexts,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

EXCLUSIONS = ("area", "postal_code", "landlord")
RUN_METHODS = ("optimum", "greedy")
PRESENTATION_STATES = ("presented", "chosen", "closed")


class HomeNeed(TenantScoped, Versioned, Base):
    """What home a case's household needs: the hard limits, stated by the department that has it."""

    __tablename__ = "home_needs"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        Index(None, "tenant_id", "case_id", unique=True),
        CheckConstraint("rooms_min BETWEEN 1 AND rooms_max AND rooms_max <= 20", name="rooms"),
        CheckConstraint("rent_max_ore >= 0", name="rent"),
    )

    case_id: Mapped[UUID]
    rooms_min: Mapped[int]
    rooms_max: Mapped[int]
    #: Highest floor in a house without a lift; None where any floor will do.
    floor_max: Mapped[int | None]
    lift: Mapped[bool]
    step_free: Mapped[bool]
    adapted: Mapped[bool]
    #: Highest monthly rent in öre.
    rent_max_ore: Mapped[int | None]
    unsuitable_areas_sealed: Mapped[bytes] = sealed_column("home_needs.unsuitable_areas")
    unsuitable_areas = SealedTexts("unsuitable_areas_sealed")
    excluded_landlords: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    stated_on: Mapped[date]
    stated_by: Mapped[UUID | None]


class HomeExclusion(TenantScoped, Versioned, Base):
    """For a household's safety: where it may not live. Only its own department sees the row; all
    others learn that a home is excluded, never by what."""

    __tablename__ = "home_exclusions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        one_of("kind", EXCLUSIONS),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    #: An area's name, a postal code, or a landlord's organisationsnummer.
    value_sealed: Mapped[bytes] = sealed_column("home_exclusions.value")
    value = SealedText("value_sealed")
    excluded_on: Mapped[date]
    excluded_by: Mapped[UUID | None]
    lifted_on: Mapped[date | None]


class MatchRun(TenantScoped, Base):
    """One matching (matchning) of a programme's waiting households against the vacant homes."""

    __tablename__ = "match_runs"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": READ})
    __table_args__ = (
        one_of("method", RUN_METHODS),
        Index(None, "tenant_id", "made_on", "id"),
    )

    pack: Mapped[str]
    pack_version: Mapped[str]
    programme: Mapped[str]
    method: Mapped[str]
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    #: Last day on which an offer may be made from it.
    expires_on: Mapped[date]
    queue_time: Mapped[str]
    #: The list of priority as it was: id, rule or fact, order, label, citations.
    priority: Mapped[list[dict[str, Any]]]
    #: What the lots were drawn from.
    seed: Mapped[str]
    waiting: Mapped[int]
    vacancies: Mapped[int]
    placed: Mapped[int]


class MatchVacancy(TenantScoped, Base):
    """A vacant home in a run; its ``position`` is its place in every rank's ``against``."""

    __tablename__ = "match_vacancies"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("match_runs", "run_id"),
        tenant_reference("units", "unit_id"),
        Index(None, "tenant_id", "run_id", "position", unique=True),
        Index(None, "tenant_id", "unit_id", "run_id"),
    )

    run_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    #: Counted from 1, as PostgreSQL counts in an array.
    position: Mapped[int]
    #: Households whom no hard limit keeps from it.
    fitting: Mapped[int]


class MatchRank(TenantScoped, Base):
    """A waiting household in a run: its rank, what it was ranked by, and what speaks against which home."""

    __tablename__ = "match_ranks"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("match_runs", "run_id"),
        tenant_reference("cases", "case_id"),
        tenant_reference("referrals", "referral_id"),
        tenant_reference("units", "unit_id"),
        Index(None, "tenant_id", "run_id", "rank", unique=True),
        Index(None, "tenant_id", "case_id", "run_id"),
    )

    run_id: Mapped[UUID]
    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    rank: Mapped[int]
    #: Shared by those whom the list of priority holds equal.
    rank_group: Mapped[int]
    lot: Mapped[str]
    #: Priority → the value it was ranked by.
    ranked_by_sealed: Mapped[bytes] = sealed_column("match_ranks.ranked_by")
    ranked_by = SealedObject("ranked_by_sealed")
    #: The home that the plan gives it.
    unit_id: Mapped[UUID | None]
    #: For each vacancy by position, the reasons against it as bits of ``limits.Reason``.
    against: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    #: Positions of the homes with which everybody in the plan still has one, its own first.
    as_good: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{}")


class Presentation(TenantScoped, Versioned, Base):
    """A landlord chooses among households that are presented without names (NYN-30)."""

    __tablename__ = "presentations"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        one_of("state", PRESENTATION_STATES),
        Index(None, "tenant_id", "unit_id", "presented_on"),
        # One choice at a time: two officers cannot present two lists for one home.
        Index(
            "uq_presentations_open_unit",
            "tenant_id",
            "unit_id",
            unique=True,
            postgresql_where=text("state='presented'"),
        ),
    )

    unit_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    state: Mapped[str]
    presented_on: Mapped[date]
    presented_by: Mapped[UUID | None]
    answer_by: Mapped[date]
    answered_on: Mapped[date | None]
    #: The letter that the landlord itself chose, or "" for nobody; the property office acts on it.
    picked: Mapped[str | None]
    picked_at: Mapped[datetime | None]
    picked_by: Mapped[UUID | None]


class PresentedHousehold(TenantScoped, Base):
    """One household as the landlord sees it: a letter, and how many it is."""

    __tablename__ = "presented_households"
    # The sweep takes back what was shown of a household whose check has grown too old.
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("presentations", "presentation_id"),
        tenant_reference("cases", "case_id"),
        tenant_reference("referrals", "referral_id"),
        Index(None, "tenant_id", "presentation_id", "alias", unique=True),
        Index(None, "tenant_id", "case_id"),
    )

    presentation_id: Mapped[UUID]
    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    #: A, B, C …: drawn anew for each presentation.
    alias: Mapped[str]
    adults: Mapped[int]
    children: Mapped[int]
    chosen: Mapped[bool] = mapped_column(default=False)
    #: Whether the landlord sees how many they are: not of a household that is or may be protected.
    size_shown: Mapped[bool] = mapped_column(server_default=text("false"))
