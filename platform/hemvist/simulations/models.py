"""Tables of the columnar snapshot and of simulations (konsekvensanalys av en ändrad riktlinje)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    FULL,
    READ,
    WRITE,
    Base,
    Owned,
    SealedObject,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("requested", "running", "done", "cancelled", "failed")
#: In these nothing more happens.
ENDED = ("done", "cancelled", "failed")
#: What the worker is at while a simulation runs.
PHASES = ("waiting", "snapshot", "comparing", "concluding", "ended")
#: How the answer of a rule can differ between two versions.
CHANGES = ("gain", "loss", "newly_unknown", "newly_known")
OUTCOMES = ("true", "false", "unknown")


class SnapshotChunk(TenantScoped, Base):
    """Some current cases of one pack, fact by fact: position ``i`` of every list is one case.

    A copy of what the record and the answers say, kept so that a whole caseload can be judged at
    once. Only the worker reads and writes it.
    """

    __tablename__ = "snapshot_chunks"
    __tenancy__ = Owned({"hemvist_worker": FULL})
    __table_args__ = (UniqueConstraint("tenant_id", "pack", "number"),)

    pack: Mapped[str]
    number: Mapped[int]
    case_ids: Mapped[list[UUID]]
    #: Fact → values as JSON data, null where it is not known.
    facts_sealed: Mapped[bytes] = sealed_column("snapshot_chunks.facts")
    facts = SealedObject("facts_sealed")
    #: What groups are made by, and when the case was looked at: name → values.
    about_sealed: Mapped[bytes] = sealed_column("snapshot_chunks.about")
    about = SealedObject("about_sealed")


class Simulation(TenantScoped, Base):
    """Two versions of a pack compared on the kommun's current cases, on one day."""

    __tablename__ = "simulations"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("principals", "requested_by"),
        one_of("state", STATES),
        one_of("phase", PHASES),
        Index(None, "tenant_id", "pack", "requested_at"),
        Index(None, "tenant_id", "state"),
    )

    pack: Mapped[str]
    old_version: Mapped[str]
    new_version: Mapped[str]
    #: SHA-256 of what each version said when the simulation was asked for.
    old_content: Mapped[str]
    new_content: Mapped[str]
    #: Both versions are judged on this day.
    judged_on: Mapped[date]
    #: Only this programme's rules, and only cases in it or in none.
    programme: Mapped[str | None]
    #: Only these rules; all when empty.
    rules: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="requested")
    phase: Mapped[str] = mapped_column(default="waiting")
    cases_total: Mapped[int] = mapped_column(default=0)
    cases_done: Mapped[int] = mapped_column(default=0)
    requested_by: Mapped[UUID | None]
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    #: When the worker last did something for it.
    stirred_at: Mapped[datetime]
    cancel_asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: Code of what went wrong.
    failure: Mapped[str | None]
    #: Figures only, small ones left out; what it holds is said in ``hemvist.simulations.result``.
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class SimulationPart(TenantScoped, Base):
    """A chunk of the snapshot as it was when the comparison began, then what was counted of it.

    Counts of small groups stand here in full: only the worker sees them, and they go when it ends.
    PostgreSQL copies the chunk as it is, so what is sealed here is sealed for the chunk's fields.
    """

    __tablename__ = "simulation_parts"
    __tenancy__ = Owned({"hemvist_worker": FULL})
    __table_args__ = (
        tenant_reference("simulations", "simulation_id"),
        UniqueConstraint("tenant_id", "simulation_id", "number"),
    )

    simulation_id: Mapped[UUID]
    number: Mapped[int]
    case_ids: Mapped[list[UUID]]
    facts_sealed: Mapped[bytes] = sealed_column("snapshot_chunks.facts")
    facts = SealedObject("facts_sealed")
    about_sealed: Mapped[bytes] = sealed_column("snapshot_chunks.about")
    about = SealedObject("about_sealed")
    #: The part's tally; null while it has not been judged.
    tally: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class SimulationChange(TenantScoped, Base):
    """A case that one rule would answer otherwise, with the facts that it was judged on."""

    __tablename__ = "simulation_changes"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": FULL})
    __table_args__ = (
        tenant_reference("simulations", "simulation_id"),
        tenant_reference("cases", "case_id"),
        one_of("change", CHANGES),
        one_of("before", OUTCOMES),
        one_of("after", OUTCOMES),
        UniqueConstraint("tenant_id", "simulation_id", "case_id", "subject"),
    )

    simulation_id: Mapped[UUID]
    case_id: Mapped[UUID]
    #: What was compared: "rule:entitled" or "entry:municipal_contract".
    subject: Mapped[str]
    change: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    #: What the rule looked at in either version, as JSON data.
    facts_sealed: Mapped[bytes] = sealed_column("simulation_changes.facts")
    facts = SealedObject("facts_sealed")
