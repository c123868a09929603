"""Refusals that are appealed: one that waits to be judged, and some that a court has tried."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases.models import Case
from hemvist.decisions import notifying
from hemvist.decisions.models import Decision
from hemvist_infra.demo import words

if TYPE_CHECKING:
    from hemvist_infra.demo.life import Life

_COURT = "Förvaltningsrätten i Malmö"


def appeal(life: Life, decision: Decision) -> Appeal:
    """The refusal was sent by letter, and an appeal came in the other week: not judged yet."""
    sent = life.planned.day("decided") + timedelta(days=2)
    notifying.notify(
        life.session,
        life.caseworker,
        decision_id=decision.id,
        how="letter",
        expected_version=decision.version,
        notified_on=sent,
    )
    return appeals.receive(
        life.session,
        life.caseworker,
        decision_id=decision.id,
        how="letter",
        asks=words.APPEAL,
        received_on=sent + timedelta(days=7),
    )


def tried(life: Life, case: Case, decision: Decision, *, won: bool) -> date:
    """The appeal went to the court, which has tried it; where it was ``won``, a grant has followed.

    The day of the judgment.
    """
    row = appeal(life, decision)
    came = row.received_on
    appeals.judge_timeliness(
        life.session,
        life.manager,
        appeal_id=row.id,
        expected_version=row.version,
        on=came + timedelta(days=1),
    )
    appeals.reconsider(
        life.session,
        life.manager,
        appeal_id=row.id,
        result="unchanged",
        reason=words.UNCHANGED,
        expected_version=row.version,
        on=came + timedelta(days=4),
    )
    appeals.forward(
        life.session,
        life.caseworker,
        appeal_id=row.id,
        court=_COURT,
        expected_version=row.version,
        on=came + timedelta(days=5),
    )
    judged = came + timedelta(days=80)
    appeals.settle(
        life.session,
        life.caseworker,
        appeal_id=row.id,
        outcome="granted" if won else "rejected",
        court_number=f"{life.dice.randrange(1_000, 9_999)}-{judged:%y}",
        expected_version=row.version,
        on=judged,
    )
    if won:
        _follow(life, case, row, judged)
    return judged


def _follow(life: Life, case: Case, row: Appeal, judged: date) -> None:
    """What the court found is answered anew, and the support granted."""
    day = judged + timedelta(days=5)
    given = {"need_met_otherwise": False, "assistance_reasonable": True}
    assessments.answer_all(
        life.session,
        life.caseworker,
        case_id=case.id,
        answers=[
            NewAnswer(fact, value, words.JUDGMENT, "dom", effective_on=day)
            for fact, value in given.items()
        ],
    )
    assessments.conclude(
        life.session, life.caseworker, case_id=case.id, rule="entitled", conclusion=True, on=day
    )
    granted = life.propose(case, "support_to_obtain_housing", day)
    life.decide(case, granted, day + timedelta(days=2))
    appeals.answer_remand(
        life.session,
        life.caseworker,
        appeal_id=row.id,
        new_decision_id=granted.id,
        expected_version=row.version,
        on=day + timedelta(days=2),
    )
