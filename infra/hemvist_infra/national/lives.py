"""Which lives are lived through the services, to be copied: how each case stands and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hemvist.policy import add_months
from hemvist_infra.demo.population import PlannedHousehold, PlannedPerson
from hemvist_infra.demo.stages import GUARANTEE, STAGES, STEPS, PlannedCase, Stage
from hemvist_infra.national.earlier import HOUSING_FIRST, SOCIAL_CONTRACT
from hemvist_infra.national.guidelines import EARLIER_DEPARTMENT, HISTORY_YEARS
from hemvist_infra.national.numbers import Numbers

#: The code of the kommun in which the lives are lived; never a kommun's.
CODE = "0009"
DEPARTMENTS = ("SOF-VUX", "SOF-BUF", "AMF", "VOF")
RUNNING, ENDED, OTHER, MET = "running", "ended", "other", "met"
#: Members of the largest household that has only been met.
MOST_MEMBERS = 8
#: Days for which the invented kommuner rely on a check of protection: their years are measured, not
#: worked in, and nobody looks anybody up again.
TRUSTED = 36_500
#: The last case by the earlier guideline was decided before the change.
_LAST_OPENED = timedelta(days=60)
_WITH_CONTRACT = ("housed", "newly_housed", "follow_up_due", "follow_up_overdue",
                  "guaranteed", "guaranteed_due")  # fmt: skip
#: Lives that have ended are planned for themselves here.
_ENDED_ELSEWHERE = ("moved_on", "gave_up", "evicted")
_RUNNING_WEIGHTS = (70, 5, 5, 3, 14, 3)
#: (applicant's ages, share with a partner, children from 0 on), by department.
_MAKEUP = {
    "SOF-VUX": ((21, 64), 0.22, (0.90, 0.07, 0.03)),
    "SOF-BUF": ((23, 47), 0.40, (0.0, 0.35, 0.38, 0.19, 0.08)),
    "AMF": ((20, 60), 0.45, (0.48, 0.23, 0.20, 0.09)),
    "VOF": ((30, 84), 0.45, (0.95, 0.05)),
    # One guide, one resident: the earlier guideline was written for them.
    EARLIER_DEPARTMENT: ((21, 64), 0.0, (0.85, 0.10, 0.05)),
}


@dataclass(frozen=True, slots=True)
class PlannedLife:
    """A life to live. ``ended_on`` is the day on which a contract of the past ended.

    ``programme`` is one of the earlier guideline, and ``supported_until`` the end of its support.
    """

    group: str
    case: PlannedCase
    ended_on: date | None = None
    programme: str | None = None
    supported_until: date | None = None


def planned_lives(
    count: int, seed: int, first_day: date, change: date, today: date
) -> list[PlannedLife]:
    """``count`` lives and some of the earlier guideline, never fewer than one of each kind.

    Nothing is before ``first_day``; ``change`` is the first day of the guideline of today. Three
    parts run, four have ended, and one of each other stage is there whatever the number.
    """
    others = [stage for stage in STAGES if stage.name not in (*_WITH_CONTRACT, *_ENDED_ELSEWHERE)]
    left = max(count - len(others), 16)
    running = max(left * 3 // 7, len(_WITH_CONTRACT))
    numbers = Numbers()
    lives = []
    for position in range(running):
        lives.append(_running(position, running, seed, numbers, change, today))
    for position in range(left - running):
        lives.append(_ended(position, left - running, seed, numbers, change, today))
    # As many a year as by the guideline of today.
    earlier = max(round((left - running) * (change - first_day) / (today - change)), 4)
    for position in range(earlier):
        opened = first_day + (change - first_day - _LAST_OPENED) * position / earlier
        lives.append(_earlier(position, seed, numbers, opened, today))
    for position, stage in enumerate(others):
        dice = Random(f"{seed}:other:{position}")  # noqa: S311 - repeatable
        having = [d for d in DEPARTMENTS if stage.cases[_STAGE_ORDER.index(d)]]
        household = _household(dice, having[position % len(having)], numbers, today)
        opened = today - timedelta(days=dice.randint(*stage.days) + STEPS[stage.last])
        lives.append(PlannedLife(OTHER, PlannedCase(household, stage, opened)))
    return lives + _met(seed, numbers, first_day, today)


def _earlier(position: int, seed: int, numbers: Numbers, opened: date, today: date) -> PlannedLife:
    """Every fourth has a home for good; of some of those the guide still comes every week."""
    dice = Random(f"{seed}:earlier:{position}")  # noqa: S311 - repeatable
    stage = next(stage for stage in STAGES if stage.name == "housed")
    household = _household(dice, EARLIER_DEPARTMENT, numbers, today)
    case = PlannedCase(household, stage, opened)
    signed = case.day("contracted")
    if position % 4:
        ended = signed + timedelta(days=dice.randrange(735, 1100))
        return PlannedLife(ENDED, case, ended, SOCIAL_CONTRACT, ended)
    over = None if position % 16 == 8 else signed + timedelta(days=dice.randrange(400, 1200))
    return PlannedLife(RUNNING, case, None, HOUSING_FIRST, over)


_STAGE_ORDER = ("AMF", "SOF-BUF", "SOF-VUX", "VOF")


def _running(
    position: int, of: int, seed: int, numbers: Numbers, first_day: date, today: date
) -> PlannedLife:
    dice = Random(f"{seed}:running:{position}")  # noqa: S311 - repeatable
    stages = {stage.name: stage for stage in STAGES}
    names = list(_WITH_CONTRACT)
    if position < len(names):
        stage = stages[names[position]]
    else:
        stage = stages[dice.choices(names, _RUNNING_WEIGHTS)[0]]
    having = [d for d in DEPARTMENTS if stage.cases[_STAGE_ORDER.index(d)]]
    department = having[position % len(having)]
    household = _household(dice, department, numbers, today)
    opened = _opened(stage, (position + dice.random()) / of, dice, first_day, today)
    return PlannedLife(RUNNING, PlannedCase(household, stage, opened))


def _opened(stage: Stage, age: float, dice: Random, first_day: date, today: date) -> date:
    """``age`` from 0 (new) to 1 (as old as can be)."""
    if stage.days != (0, 0):
        return today - timedelta(days=dice.randint(*stage.days) + STEPS[stage.last])
    longest = _months(first_day, today) // 3 - 1
    quarters = (
        1 + int(age**0.6 * (longest - 1)) if stage.programme != GUARANTEE else dice.randint(1, 3)
    )
    margin = {"quiet": (-50, -9), "due": (3, 12), "overdue": (-24, -4)}[stage.then]
    granted = add_months(today, -3 * quarters) + timedelta(days=dice.randint(*margin))
    return max(granted - timedelta(days=STEPS["housing_decided"]), first_day)


def _ended(
    position: int, of: int, seed: int, numbers: Numbers, first_day: date, today: date
) -> PlannedLife:
    dice = Random(f"{seed}:ended:{position}")  # noqa: S311 - repeatable
    stage = next(stage for stage in STAGES if stage.name == "housed")
    household = _household(dice, DEPARTMENTS[position % 4], numbers, today)
    newest = today - timedelta(days=500)
    span = (newest - first_day).days
    opened = first_day + timedelta(days=int(span * (position + dice.random()) / of))
    lasted = timedelta(days=dice.randrange(1000, 2900))
    ended = min(opened + lasted, today - timedelta(days=dice.randrange(5, 120)))
    return PlannedLife(ENDED, PlannedCase(household, stage, opened), ended)


def _met(seed: int, numbers: Numbers, first_day: date, today: date) -> list[PlannedLife]:
    """Households without a case: of each size in each department."""
    lives = []
    for department in DEPARTMENTS:
        for size in range(1, MOST_MEMBERS + 1):
            dice = Random(f"{seed}:met:{department}:{size}")  # noqa: S311 - repeatable
            roles = ["applicant", "partner", *["child"] * size][:size]
            household = _members(dice, department, roles, numbers, today)
            met = today - timedelta(days=dice.randrange(20, (today - first_day).days))
            lives.append(PlannedLife(MET, PlannedCase(household, STAGES[0], met)))
    return lives


def _household(dice: Random, department: str, numbers: Numbers, today: date) -> PlannedHousehold:
    _, partner, children = _MAKEUP[department]
    roles = ["applicant", *(["partner"] if dice.random() < partner else [])]
    roles += ["child"] * dice.choices(range(len(children)), children)[0]
    return _members(dice, department, roles, numbers, today)


def _members(
    dice: Random, department: str, roles: list[str], numbers: Numbers, today: date
) -> PlannedHousehold:
    """A household of tokens: each copy has its own people of about these ages."""
    (youngest, oldest), _, _ = _MAKEUP[department]
    members = []
    for place, role in enumerate(roles):
        # Everybody was born, and the grown-ups were grown up, when the history began.
        years = (0, 6) if role == "child" else (youngest, oldest)
        ago = dice.randrange(years[0] * 365, years[1] * 365) + HISTORY_YEARS * 366
        born = today - timedelta(days=ago)
        members.append(
            PlannedPerson(
                role, f"⟦given{place}⟧", f"⟦family{place}⟧", numbers.next(born), CODE, "none", 5
            )
        )
    return PlannedHousehold("", 0, department, tuple(members))


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
