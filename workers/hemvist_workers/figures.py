"""Figures to steer by: counted as cases change, once a night from nothing, and told when a month is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import structlog
from opentelemetry import metrics

from hemvist.clock import real_now, today
from hemvist.db import Audience
from hemvist.indicators import of_homes, running, snapshots, telling
from hemvist.indicators.forecasting import service as forecasts
from hemvist.indicators.of_homes import Price
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist_tenants import known_tenants

log = structlog.get_logger("hemvist.workers")

#: Facts that a count from nothing found other than the counting of changes had left them.
_differed = metrics.get_meter("hemvist").create_counter("hemvist.figures.differed")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a count from nothing has come: when it began, what it found otherwise, the last case."""

    began: datetime
    differed: int = 0
    last: UUID | None = None

    def written(self) -> str:
        """As a task hands it on."""
        return f"{self.began.isoformat()} {self.differed} {self.last or ''}"

    @classmethod
    def read(cls, text: str) -> Place:
        """From what ``written`` made."""
        began, differed, last = text.split(" ")
        return cls(datetime.fromisoformat(began), int(differed), UUID(last) if last else None)


def count_changed(tenant_id: UUID) -> bool:
    """Count what changed; False where everything is to be counted first."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return running.count_changed(session) is not None


def count_slice(tenant_id: UUID, place: Place | None) -> Place | None:
    """Count some cases from nothing; where to go on, or None when all are counted.

    Begins with what changed, so that what it finds otherwise was counted wrongly before.
    """
    if place is None:
        place = Place(real_now())
        count_changed(tenant_id)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        cases = running.cases_after(session, place.last)
        differed = place.differed + (running.count_cases(session, cases) if cases else 0)
        if len(cases) == running.SLICE:
            return Place(place.began, differed, cases[-1])
        before = running.run_of(session)
        first = before is None or before.full_at is None
        running.counted_everything(session, place.began, differed)
        session.flush()
        after = running.run_of(session)
        found = 0 if after is None else after.differed
    if found and not first:
        log.warning("figures_differed", tenant_id=str(tenant_id), facts=found)
        _differed.add(found, {"hemvist.tenant_id": str(tenant_id)})
    return None


def tell(tenant_id: UUID, on: date | None = None) -> int:
    """Keep and tell what the months before the day ``on`` (else today) showed; how many numbers.

    From January's on the year's forecast is kept too.
    """
    day = on or today()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        snapshots.keep(session, day)
        told = telling.tell(session, day)
        of_homes.keep(session, day, prices_of(session))
        session.flush()
        told += telling.tell(session, day)
        session.flush()
        forecasts.keep_due(session, day)
        return told


def everything(tenant_id: UUID, on: date | None = None) -> tuple[int, int]:
    """Count from nothing, keep and tell: facts that were found otherwise, and numbers told."""
    place = count_slice(tenant_id, None)
    while place is not None:
        place = count_slice(tenant_id, place)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        run = running.run_of(session)
        differed = 0 if run is None else run.differed
    return differed, tell(tenant_id, on)


def prices_of(session: TenantSession) -> tuple[Price, ...]:
    """What the kommun's file assumes of temporary housing."""
    config = known_tenants().get(session.get_one(Tenant, session.tenant_id).slug)
    if config is None:
        return ()
    return tuple(
        Price(one.since, one.night_ore, one.rent_ore, one.cite) for one in config.temporary_housing
    )
