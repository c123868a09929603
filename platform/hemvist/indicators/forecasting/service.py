"""Forecasts: made of what is told today, kept once a year, shown beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.identity import Action, Actor
from hemvist.identity import require as require_right
from hemvist.ids import new_id
from hemvist.indicators.forecasting.basis import Basis, Lack
from hemvist.indicators.forecasting.missing import Come, Missed, beside, missed
from hemvist.indicators.forecasting.model import MODEL, Levers
from hemvist.indicators.forecasting.models import IndicatorForecast
from hemvist.indicators.forecasting.outlook import Outlook, outlook
from hemvist.indicators.forecasting.reading import WAITING, read_basis, told
from hemvist.tenancy import TenantSession

#: January's forecast waits so long for December to be told.
WAITS_FOR_DECEMBER = 20


@dataclass(frozen=True, slots=True)
class Forecast:
    """What can be said of the next twelve months, or why nothing can."""

    basis: Basis | None
    lacks: tuple[Lack, ...]
    #: As it goes on, and as it would with what is asked; None where nothing can be said.
    plain: Outlook | None = None
    asked: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast that was kept, beside what came."""

    forecast: IndicatorForecast
    outlook: Outlook
    lines: Sequence[Come]
    missed: Missed


def forecast(
    session: TenantSession, actor: Actor, today: date, levers: Levers | None = None
) -> Forecast:
    """The forecast by what is told today. Raises ``NotAllowed``."""
    require_right(actor, Action.FIGURES_READ)
    basis, lacks = _based(session, today)
    if basis is None or lacks:
        return Forecast(basis, lacks)
    plain = outlook(basis, Levers())
    asked = outlook(basis, levers) if levers is not None and levers.any else plain
    return Forecast(basis, (), plain, asked)


def kept(session: TenantSession, actor: Actor) -> list[Kept]:
    """The forecasts that were kept, the newest first, beside what came. Raises ``NotAllowed``."""
    require_right(actor, Action.FIGURES_READ)
    rows = session.scalars(
        select(IndicatorForecast).order_by(
            IndicatorForecast.first_month.desc(), IndicatorForecast.model.desc()
        )
    ).all()
    came = _came(session) if rows else {}
    found = []
    for row in rows:
        said = Outlook.of(row.result)
        # Telling lies behind: months that were over when it was made are no forecast to be judged by.
        made_in = row.made_on.replace(day=1)
        lines = [one for one in beside(said, came) if one.month >= made_in]
        found.append(Kept(row, said, lines, missed(lines)))
    return found


def keep_due(session: TenantSession, today: date) -> bool:
    """Keep this year's forecast if none is kept and enough is told; whether it was. Does not commit.

    From January on; it waits some weeks for December's numbers.
    """
    made = session.scalars(
        select(IndicatorForecast.id).where(
            IndicatorForecast.made_on >= date(today.year, 1, 1), IndicatorForecast.model == MODEL
        )
    ).first()
    if made is not None:
        return False
    basis, _ = _based(session, today)
    early = today.month == 1 and today.day <= WAITS_FOR_DECEMBER
    if basis is None or (early and basis.first_month < date(today.year, 1, 1)):
        return False
    return keep(session, today)


def keep(session: TenantSession, today: date) -> bool:
    """Keep the forecast by what is told today; False where nothing can be said, or it is kept already.

    Does not commit. As the worker.
    """
    basis, lacks = _based(session, today)
    if basis is None or lacks:
        return False
    written = session.execute(
        insert(IndicatorForecast)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            model=MODEL,
            first_month=basis.first_month,
            basis=basis.as_data(),
            result=outlook(basis, Levers()).as_data(),
            made_on=today,
            made_at=now(),
        )
        .on_conflict_do_nothing()
        .returning(IndicatorForecast.id)
    )
    return written.first() is not None


def _based(session: TenantSession, today: date) -> tuple[Basis | None, tuple[Lack, ...]]:
    basis = read_basis(session, today)
    return basis, ("months",) if basis is None else tuple(basis.lacks(today))


def _came(session: TenantSession) -> Mapping[date, int]:
    return {
        one.first: one.number for one in told(session).get(WAITING, ()) if one.first == one.last
    }
