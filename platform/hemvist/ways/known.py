"""What the record holds of a case's way: read once, in as few statements as there are tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hemvist.cases.journal import changed_on, latest_events
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.guarantees.models import Guarantee
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Known:
    """The case's contracts, takeovers and guarantees, the latest last, and its events' latest days.

    All of the present programme; ``earlier`` are the contracts of those that led to it.
    """

    days: Mapping[str, date]
    contracts: tuple[Contract, ...]
    takeovers: tuple[Takeover, ...]
    guarantees: tuple[Guarantee, ...]
    earlier: tuple[Contract, ...] = ()

    @property
    def running(self) -> Contract | None:
        """The contract that holds now."""
        return next((one for one in reversed(self.contracts) if one.state == "signed"), None)

    @property
    def lost(self) -> Contract | None:
        """The latest contract where it has ended and nothing came in its place."""
        latest = self.contracts[-1] if self.contracts else None
        return latest if latest is not None and latest.state == "ended" else None

    def takeover(self, programme: str) -> Takeover | None:
        """The takeover in one programme, the latest of several."""
        return next((one for one in reversed(self.takeovers) if one.programme == programme), None)

    def contract(self, takeover: Takeover) -> Contract | None:
        """The contract that a takeover begins with."""
        return next((one for one in self.contracts if one.id == takeover.contract_id), None)


def known_of(session: TenantSession, case: Case) -> Known:
    """Read it; a case without a contract needs its events only."""
    days = {kind: on for kind, (_, on) in latest_events(session, case.id).items()}
    changed = changed_on(session, case)
    if "contract_signed" not in days and changed is None:
        return Known(days, (), (), ())
    signed = session.scalars(
        select(Contract)
        .where(Contract.case_id == case.id)
        .order_by(Contract.signed_on, Contract.starts_on, Contract.id)
    )
    takeovers = session.scalars(
        select(Takeover).where(Takeover.case_id == case.id).order_by(Takeover.id)
    )
    guarantees = session.scalars(
        select(Guarantee)
        .where(Guarantee.case_id == case.id)
        .order_by(Guarantee.issued_on, Guarantee.id)
    )
    contracts = tuple(signed)
    earlier = tuple(one for one in contracts if changed is not None and one.signed_on < changed)
    return Known(days, contracts[len(earlier) :], tuple(takeovers), tuple(guarantees), earlier)
