"""What the record holds of a case's way, read in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from hemvist.cases.journal import changed_on, latest_events
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.guarantees.models import Guarantee
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import TenantSession
from hemvist.tenancy.models import TenantScoped
from hemvist.tenancy.statements import Ask, Together, of_tenant


class Lease(NamedTuple):
    """Of a contract, what the way shows."""

    id: UUID
    form: str
    state: str
    signed_on: date
    starts_on: date
    ended_on: date | None


class Taking(NamedTuple):
    """Of a takeover, what the way shows."""

    id: UUID
    contract_id: UUID
    programme: str
    state: str
    eligible_on: date | None
    answered_on: date | None
    tribunal_decided_on: date | None
    taken_over_on: date | None


class Given(NamedTuple):
    """Of a guarantee or surety, what the way shows."""

    id: UUID
    issued_on: date
    ends_on: date
    notice_ends_on: date | None
    ended_on: date | None


def _of_case(model: type[TenantScoped], shown: type[tuple[object, ...]], *order: str) -> Ask:
    columns = model.__table__.c  # type: ignore[attr-defined]
    statement: Select[tuple[object, ...]] = select(
        *(columns[name] for name in shown.__annotations__)
    ).where(columns["tenant_id"] == of_tenant(), columns["case_id"] == bindparam("case"))
    return Ask(statement.order_by(*(columns[name] for name in order)))


_KNOWN = Together(
    _of_case(Contract, Lease, "signed_on", "starts_on", "id"),
    _of_case(Takeover, Taking, "id"),
    _of_case(Guarantee, Given, "issued_on", "id"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """The case's contracts, takeovers and guarantees, the latest last, and its events' latest days.

    All of the present programme; ``earlier`` are the contracts of those that led to it.
    """

    days: Mapping[str, date]
    contracts: tuple[Lease, ...]
    takeovers: tuple[Taking, ...]
    guarantees: tuple[Given, ...]
    earlier: tuple[Lease, ...] = ()

    @property
    def running(self) -> Lease | None:
        """The contract that holds now."""
        return next((one for one in reversed(self.contracts) if one.state == "signed"), None)

    @property
    def lost(self) -> Lease | None:
        """The latest contract where it has ended and nothing came in its place."""
        latest = self.contracts[-1] if self.contracts else None
        return latest if latest is not None and latest.state == "ended" else None

    def takeover(self, programme: str) -> Taking | None:
        """The takeover in one programme, the latest of several."""
        return next((one for one in reversed(self.takeovers) if one.programme == programme), None)

    def contract(self, takeover: Taking) -> Lease | None:
        """The contract that a takeover begins with."""
        return next((one for one in self.contracts if one.id == takeover.contract_id), None)


def known_of(session: TenantSession, case: Case) -> Known:
    """Read it; a case without a contract needs its events only."""
    days = {kind: on for kind, (_, on) in latest_events(session, case.id).items()}
    changed = changed_on(session, case)
    if "contract_signed" not in days and changed is None:
        return Known(days, (), (), ())
    signed, takeovers, guarantees = _KNOWN.rows(session, case=case.id)
    contracts = tuple(map(Lease._make, signed))
    earlier = tuple(one for one in contracts if changed is not None and one.signed_on < changed)
    return Known(
        days,
        contracts[len(earlier) :],
        tuple(map(Taking._make, takeovers)),
        tuple(map(Given._make, guarantees)),
        earlier,
    )
