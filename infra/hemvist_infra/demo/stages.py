"""Which case stands where, so that every demo person has some work waiting and not absurdly much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hemvist.policy import add_months
from hemvist_infra.demo.population import REFERENCE, PlannedHousehold

MUNICIPAL, GUARANTEE = "municipal_contract", "rent_guarantee"

#: Days after the case was opened on which each step is taken.
STEPS = {
    "answered": 4,
    "concluded": 9,
    "proposed": 13,
    "decided": 15,
    "drafted": 17,
    "resident_signed": 20,
    "manager_signed": 21,
    "submitted": 22,
    "registered": 26,
    "offered": 38,
    "answered_offer": 41,
    "contracted": 46,
    "housing_proposed": 48,
    "housing_decided": 50,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A place where a case stands: the last step taken, and how many days ago at least and most.

    ``then`` is what happened after that step, outside the straight way. ``cases`` gives how many
    cases stand here in AMF, SOF-BUF, SOF-VUX and VOF.
    """

    name: str
    last: str
    days: tuple[int, int]
    cases: tuple[int, int, int, int]
    then: str = ""
    programme: str = MUNICIPAL
    entitled: bool = True


_DEPARTMENTS = ("AMF", "SOF-BUF", "SOF-VUX", "VOF")

STAGES = (
    Stage("partly_answered", "answered", (2, 60), (22, 22, 34, 12)),
    Stage("assessed", "concluded", (3, 70), (20, 20, 30, 10)),
    Stage("proposal_waiting", "proposed", (0, 8), (2, 2, 3, 2)),
    Stage("proposal_returned", "proposed", (4, 9), (1, 1, 1, 1), then="return_proposal"),
    Stage("refused", "decided", (25, 400), (14, 12, 20, 8), then="close", entitled=False),
    Stage("granted", "decided", (1, 14), (5, 5, 6, 3)),
    Stage("drafting", "drafted", (0, 7), (2, 2, 2, 1)),
    Stage("signed_by_resident", "resident_signed", (0, 4), (1, 1, 2, 1)),
    Stage("submitted", "submitted", (0, 5), (2, 2, 3, 1)),
    Stage("returned", "submitted", (4, 9), (1, 0, 1, 0), then="return_referral"),
    Stage("waiting", "registered", (1, 130), (24, 24, 30, 10)),
    Stage("waiting_for_guarantee", "registered", (1, 130), (5, 3, 6, 2), programme=GUARANTEE),
    Stage("extended", "registered", (370, 430), (1, 1, 1, 0), then="extend"),
    Stage("expired", "registered", (372, 420), (1, 0, 1, 0), then="expire"),
    Stage("withdrawn", "registered", (30, 200), (3, 2, 3, 1), then="withdraw"),
    Stage("offered", "offered", (0, 3), (2, 2, 2, 1)),
    Stage("declined", "offered", (5, 20), (2, 2, 3, 1), then="decline"),
    Stage("accepted", "answered_offer", (0, 4), (1, 2, 2, 1)),
    Stage("contracted", "contracted", (0, 5), (1, 1, 2, 1)),
    Stage("housing_proposed", "housing_proposed", (0, 5), (1, 1, 1, 1)),
    Stage("housed", "housing_decided", (0, 0), (10, 11, 16, 5), then="quiet"),
    Stage("newly_housed", "housing_decided", (19, 25), (1, 1, 1, 1), then="due"),
    Stage("follow_up_due", "housing_decided", (0, 0), (2, 2, 3, 1), then="due"),
    Stage("follow_up_overdue", "housing_decided", (0, 0), (1, 1, 2, 1), then="overdue"),
    Stage("guaranteed", "housing_decided", (0, 0), (4, 2, 6, 1), "quiet", GUARANTEE),
    Stage("guaranteed_due", "housing_decided", (0, 0), (1, 0, 1, 0), "due", GUARANTEE),
    Stage("appealed", "decided", (12, 20), (1, 0, 1, 0), then="appeal", entitled=False),
    Stage("moved_on", "housing_decided", (150, 1_000), (10, 11, 17, 5), then="move_on"),
    Stage("gave_up", "housing_decided", (120, 1_000), (14, 14, 22, 8), then="give_up"),
    Stage("evicted", "housing_decided", (200, 1_000), (2, 1, 4, 0), then="evict"),
    Stage("guarantee_claimed", "housing_decided", (0, 0), (1, 0, 1, 0), "claim", GUARANTEE),
    Stage("guarantee_paid", "housing_decided", (210, 320), (1, 0, 1, 0), "pay", GUARANTEE),
    Stage(
        "court_said_no", "decided", (150, 300), (1, 1, 1, 0), then="lose_in_court", entitled=False
    ),
    Stage(
        "court_said_yes", "decided", (130, 150), (0, 1, 1, 0), then="win_in_court", entitled=False
    ),
    Stage("came_back", "housing_decided", (250, 560), (1, 1, 2, 0), then="come_back"),
    Stage("nearly_evicted", "housing_decided", (150, 400), (1, 1, 1, 0), then="avert"),
    Stage("family_evicted", "housing_decided", (260, 560), (1, 1, 0, 0), then="evict_family"),
)
#: Those that occupy a flat, or have one reserved or offered.
_WITH_HOME = ("offered", "answered_offer", "contracted", "housing_proposed", "housing_decided")
#: Days that a household waited for its first offer beyond what ``STEPS`` say, at most: some get a home
#: at once, and some are large, or few flats fit them.
_WAITED = 130
#: A stage that may have begun so many days ago began before ``REFERENCE``, less than a year.
_LONG_AGO = 600
#: Somebody born from this year on is a child for as long as anybody will show the demo.
_STILL_A_CHILD = 2018
#: With fewer households than this, each stage gets one case.
FULL_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A household's case: where it stands, the day it was opened, and how long it waited for an offer."""

    household: PlannedHousehold
    stage: Stage
    opened_on: date
    waited: int = 0
    #: Days from the signed contract to moving in.
    until_move: int = 3

    def day(self, step: str) -> date:
        """The day on which ``step`` is taken."""
        waited = self.waited if STEPS[step] >= STEPS["offered"] else 0
        return self.opened_on + timedelta(days=STEPS[step] + waited)

    def reaches(self, step: str) -> bool:
        """Whether the case has come as far as ``step``."""
        return STEPS[step] <= STEPS[self.stage.last]


def planned_cases(households: list[PlannedHousehold], today: date) -> list[PlannedCase]:
    """The cases of a population: the first households of each department that can have them."""
    places = _all_stages() if len(households) >= FULL_SIZE else _one_of_each()
    left = {code: [one for one in households if one.department == code] for code in _DEPARTMENTS}
    planned = []
    for stage, department in places:
        household = next((one for one in left[department] if _may_have(one, stage)), None)
        if household is not None:
            left[department].remove(household)
            dice = Random(f"case:{household.position}")  # noqa: S311 - the same cases every time
            opened = _opened(stage, dice, today)
            # Two dice: most wait a month or so, a few much longer.
            waited = min(dice.randrange(_WAITED), dice.randrange(_WAITED))
            if stage.last not in _WITH_HOME:
                waited = 0
            planned.append(PlannedCase(household, stage, opened - timedelta(days=waited), waited))
    return planned


def _may_have(household: PlannedHousehold, stage: Stage) -> bool:
    """Nobody of it may have been born after its case began; the day of seeding makes no difference."""
    if stage.then == "evict_family" and not any(
        one.role == "child" and one.number >= f"{_STILL_A_CHILD}" for one in household.members
    ):
        return False
    return stage.days[1] < _LONG_AGO or all(
        one.number < f"{REFERENCE - timedelta(days=365):%Y%m%d}" for one in household.members
    )


def homes_needed(cases: list[PlannedCase], spare: int) -> int:
    """How many flats the cases take, and ``spare`` vacant ones."""
    return spare + sum(case.stage.last in _WITH_HOME for case in cases)


def _all_stages() -> list[tuple[Stage, str]]:
    return [
        (stage, department)
        for stage in STAGES
        for department, count in zip(_DEPARTMENTS, stage.cases, strict=True)
        for _ in range(count)
    ]


def _one_of_each() -> list[tuple[Stage, str]]:
    # Departments in turn, among those that have cases at this stage at all.
    chosen = []
    for number, stage in enumerate(STAGES):
        having = [code for code, count in zip(_DEPARTMENTS, stage.cases, strict=True) if count]
        chosen.append((stage, having[number % len(having)]))
    return chosen


def _opened(stage: Stage, dice: Random, today: date) -> date:
    ago = dice.randint(*stage.days)
    if stage.last == "housing_decided" and not ago:
        # Counted from the quarters, so that what falls due next is near, past or far away.
        quarters = dice.randint(1, 3) if stage.programme == GUARANTEE else dice.randint(1, 5)
        margins = {"due": (3, 12), "overdue": (-24, -4)}
        margin = margins.get(stage.then, (-50, -9))
        granted = add_months(today, -3 * quarters) + timedelta(days=dice.randint(*margin))
        return granted - timedelta(days=STEPS["housing_decided"])
    return today - timedelta(days=ago + STEPS[stage.last])
