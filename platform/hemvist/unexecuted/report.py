"""The quarterly report as a file: one line for each decision that the law asks about (SoL 34:1).

On it stand favourable decisions that at the quarter's end had waited longer than the law allows, and
those that had done so when the quarter began and were carried out or ended in it. It tells sex, dates,
obstacles and what was offered; who it is about stands in the kommun's own record under the number.
Of a case that is closed to a circle it tells neither number nor decision: who reads the report may be
outside, and who is inside knows the case by its dates.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, null, select

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import now
from hemvist.decisions import execution
from hemvist.decisions.models import Decision
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.offers.models import Offer
from hemvist.spreadsheets.written import as_csv as spreadsheet
from hemvist.tenancy import TenantSession
from hemvist.tenancy.closed_circles import not_hidden
from hemvist.unexecuted.models import ExecutionEffort, ExecutionReport

COLUMNS = (
    *("arende", "beslut", "insats", "lagrum", "beslutsdatum", "vantar_sedan", "avbrott"),
    *("kon", "laget", "verkstallt", "avslutat", "dagar", "hinder", "erbjudna_bostader"),
    *("avbojda_bostader", "senaste_erbjudande", "insatser_for_att_verkstalla", "senaste_insats"),
)
KINDS = {
    "support_to_obtain_housing": "Stöd att få en bostad",
    "housing": "Boende",
    "support_measure": "Stödinsats",
}
STANDINGS = {"waiting": "ej verkställt", "executed": "verkställt", "ended": "avslutat"}
OBSTACLES = {
    "no_suitable_home": "lämplig bostad saknas",
    "declined_offer": "har tackat nej till erbjudande",
    "needs_changed": "behovet har ändrats",
    "wants_to_wait": "den enskilde vill vänta",
    "resources": "resurser saknas",
    "other": "annat",
}
SEXES = ("kvinna", "man", "okänt")
#: Stands where the number would, of a case in a closed circle.
CLOSED = "sluten krets"


@dataclass(frozen=True, slots=True)
class Line:
    """One decision as reported."""

    #: None of a closed case.
    case_number: str | None
    decision: Decision
    since: date
    sex: str
    standing: str
    ended: date | None
    days: int
    offers: Sequence[Offer]
    efforts: Sequence[ExecutionEffort]

    def cells(self) -> list[str]:
        """The line in the order of ``COLUMNS``."""
        one = self.decision
        assert one.decided_on is not None
        declined = [offer for offer in self.offers if offer.state == "declined"]
        obstacles = dict.fromkeys(OBSTACLES[effort.obstacle] for effort in self.efforts)
        return [
            CLOSED if self.case_number is None else self.case_number,
            "" if self.case_number is None else str(one.id)[-8:],
            KINDS[one.kind],
            ", ".join(one.legal_basis),
            str(one.decided_on),
            str(self.since),
            "ja" if self.since > one.decided_on else "nej",
            self.sex,
            STANDINGS[self.standing],
            str(self.ended) if self.standing == "executed" else "",
            str(self.ended) if self.standing == "ended" else "",
            str(self.days),
            ", ".join(obstacles),
            str(len(self.offers)),
            str(len(declined)),
            str(self.offers[-1].made_on) if self.offers else "",
            str(len(self.efforts)),
            str(self.efforts[-1].made_on) if self.efforts else "",
        ]


def make(session: TenantSession, report_id: UUID) -> ExecutionReport | None:
    """Make a report's file; None for one that is not asked for. Asked twice, it is made once."""
    report = session.get(ExecutionReport, (session.tenant_id, report_id), with_for_update=True)
    if report is None or report.state != "requested":
        return None
    found = lines(session, report.department, report.first_day, report.last_day)
    report.content = as_csv(found)
    report.content_sha256 = hashlib.sha256(report.content.encode()).hexdigest()
    report.row_count = len(found)
    report.figures = figures(found)
    report.made_at = now()
    report.state = "ready"
    report.version += 1
    session.flush()
    return report


def lines(session: TenantSession, department: str, first: date, last: date) -> list[Line]:
    """What a department reports for the quarter of these days, the longest waits first."""
    before = first - timedelta(days=1)
    rows = session.execute(
        select(
            Decision,
            # The worker sees every case; hidden from it, who is nobody, are those in a circle.
            case((not_hidden(Case.id), Case.number), else_=null()),
            Case.household_id,
        )
        .join(Case, (Case.tenant_id == Decision.tenant_id) & (Case.id == Decision.case_id))
        .where(
            Case.department == department,
            Decision.state == "decided",
            Decision.outcome == "granted",
            Decision.kind.in_(execution.FAVOURABLE),
            Decision.decided_on <= last,
        )
        .order_by(Decision.decided_on, Decision.id)
    ).all()
    events = _events(session, {row[0].case_id for row in rows})
    standing: list[tuple[Decision, str | None, UUID, date, str, date | None]] = []
    for decision, number, household_id in rows:
        happened = events[decision.case_id]
        since = execution.waiting_since(decision, happened, last)
        if since is not None:
            if execution.due_on(since) < last:
                standing.append((decision, number, household_id, since, "waiting", None))
            continue
        since = execution.waiting_since(decision, happened, before)
        if since is None or execution.due_on(since) >= before:
            continue
        done = execution.executed_on(decision, happened, last)
        how = "executed" if done is not None else "ended"
        over = done or decision.ended_on or decision.valid_until
        standing.append((decision, number, household_id, since, how, over))
    sexes = _sexes(session, {one[2] for one in standing})
    offers = _by_case(session, Offer, {one[0].case_id for one in standing}, last)
    efforts = _by_case(session, ExecutionEffort, {one[0].case_id for one in standing}, last)
    return [
        Line(
            case_number=number,
            decision=decision,
            since=since,
            sex=sexes.get(household_id, SEXES[2]),
            standing=how,
            ended=over,
            days=((over or last) - since).days,
            offers=[o for o in offers[decision.case_id] if o.made_on >= since],
            efforts=[e for e in efforts[decision.case_id] if e.decision_id == decision.id],
        )
        for decision, number, household_id, since, how, over in sorted(
            standing, key=lambda one: (one[3], str(one[0].id))
        )
    ]


def as_csv(found: Iterable[Line]) -> str:
    """The lines as the file: semicolons, a heading, no cell that a spreadsheet would calculate."""
    return spreadsheet([COLUMNS, *(line.cells() for line in found)])


def figures(found: Sequence[Line]) -> dict[str, Any]:
    """For the council: how many by measure, sex and standing, and how long they waited."""
    days = [line.days for line in found if line.standing == "waiting"]
    return {
        "by_kind": dict(Counter(line.decision.kind for line in found)),
        "by_sex": dict(Counter(line.sex for line in found)),
        "by_standing": dict(Counter(line.standing for line in found)),
        "longest_wait_days": max(days, default=0),
    }


def _events(session: TenantSession, cases: Iterable[UUID]) -> Mapping[UUID, Any]:
    kinds = (*execution.HOME, *execution.MEASURE, *execution.INTERRUPTION)
    found: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    rows = session.execute(
        select(CaseEvent.case_id, CaseEvent.kind, CaseEvent.occurred_on).where(
            CaseEvent.case_id.in_(list(cases)), CaseEvent.kind.in_(kinds)
        )
    )
    for case_id, kind, day in rows:
        found[case_id][kind].append(day)
    return found


def _by_case(session: TenantSession, model: Any, cases: Iterable[UUID], last: date) -> Any:
    found: dict[UUID, list[Any]] = defaultdict(list)
    rows = session.scalars(
        select(model)
        .where(model.case_id.in_(list(cases)), model.made_on <= last)
        .order_by(model.made_on, model.id)
    )
    for row in rows:
        found[row.case_id].append(row)
    return found


def _sexes(session: TenantSession, households: Iterable[UUID]) -> dict[UUID, str]:
    """The applicant's sex by the last digit but one of the number, as the register has it."""
    rows = session.execute(
        select(HouseholdMember.household_id, Person)
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(
            HouseholdMember.household_id.in_(list(households)),
            HouseholdMember.role == "applicant",
        )
    )
    return {household: SEXES[int(open_number(person)[10]) % 2] for household, person in rows}
