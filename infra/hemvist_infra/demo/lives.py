"""Which life is led in which home: something at every point, so that the demo shows each page filled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hemvist.cases.models import Case
from hemvist_infra.demo import at_home as support
from hemvist_infra.demo import trouble

if TYPE_CHECKING:
    from hemvist_infra.demo.residents import Resident

_DISTURBANCE = "Hög musik och rop i trapphuset till efter klockan två."


def at_home(home: Resident, case: Case) -> None:
    """What happened in the home since the day of moving in."""
    support.visit(
        home,
        case,
        leave=1 if home.tenancy.home == "ladder" else 0,
        missed=1 if home.tenancy.home == "supported" else 0,
    )
    _LIVES.get(home.tenancy.home, _quiet)(home, case)


def _quiet(home: Resident, case: Case) -> None:
    """Nothing but the visits."""


def _supported(home: Resident, case: Case) -> None:
    """A plan with goals; a report that is due has not come."""
    support.plan(home, case, home.day(40))
    support.report(home, case, leave=1)


def _ladder(home: Resident, case: Case) -> None:
    """Demand, talk, joint meeting and plan; and the night before last it was loud again."""
    support.report(home, case, leave=0)
    today = home.planned.today
    first = trouble.handled(home, case, "patrol", _DISTURBANCE, today - timedelta(days=32))
    found = trouble.ladder(home, case, first, today - timedelta(days=30))
    trouble.demand(home, found, today - timedelta(days=29))
    trouble.talk(home, found, today - timedelta(days=28))
    trouble.meeting(home, found, today - timedelta(days=12))
    trouble.reported(home, case, "neighbour", _DISTURBANCE, timedelta(days=1))


def _demanded(home: Resident, case: Case) -> None:
    """A demand went out today: the support staff's day to make contact runs."""
    support.report(home, case, leave=0)
    today = home.planned.today
    first = trouble.handled(home, case, "patrol", _DISTURBANCE, today - timedelta(days=5))
    found = trouble.ladder(home, case, first, today - timedelta(days=1))
    trouble.demand(home, found, today)


def _reported(home: Resident, case: Case) -> None:
    """Two reports of a landlord: one whose clock runs, one whose clock has run out."""
    trouble.reported(home, case, "landlord", _DISTURBANCE, timedelta(days=6))
    trouble.reported(home, case, "landlord", "Sopor i trapphuset.", timedelta(hours=3))


_LIVES = {
    "supported": _supported,
    "ladder": _ladder,
    "demanded": _demanded,
    "reported": _reported,
}
