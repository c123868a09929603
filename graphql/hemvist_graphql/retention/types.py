"""Thinnings (gallring), what keeps a case from one, and when a case goes."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.identity import MATRIX, Action, Actor, allows
from hemvist.retention import service
from hemvist.retention.models import RetentionMark as MarkRow
from hemvist.retention.models import ThinningItem as ItemRow
from hemvist.retention.models import ThinningRun as RunRow
from hemvist.retention.reading import verdict
from hemvist_graphql.context import Info
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import CaseRef, PersonRef, PrincipalRef
from hemvist_graphql.retention.kinds import by_kind
from hemvist_graphql.states import RetentionMarkKind, ThinningItemState, ThinningRunState


def _runs_seen(actor: Actor) -> ColumnElement[bool]:
    return true() if allows(actor, Action.RETENTION_READ) else false()


def _marks_seen(actor: Actor) -> ColumnElement[bool]:
    """All for who sees to thinning; for others those of cases that they may hold."""
    if allows(actor, Action.RETENTION_READ):
        return true()
    holding = sorted(
        {
            one.department
            for one in actor.memberships
            if one.department and Action.RETENTION_HOLD in MATRIX[one.role]
        }
    )
    if not holding:
        return false()
    return exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == MarkRow.tenant_id,
            CaseRow.id == MarkRow.case_id,
            CaseRow.department.in_(holding),
        )
    )


def standing(on: dt.date) -> ColumnElement[bool]:
    """Condition on marks: nobody has lifted it, and a hold has not ended by itself."""
    return and_(MarkRow.lifted_on.is_(None), or_(MarkRow.until.is_(None), MarkRow.until >= on))


def _number_of(model: Any) -> ColumnElement[Any]:
    return (
        select(CaseRow.number)
        .where(CaseRow.tenant_id == model.tenant_id, CaseRow.id == model.case_id)
        .correlate(model)
        .scalar_subquery()
    )


@reads(MarkRow, visible=_marks_seen, case=MarkRow.case_id)
@strawberry.type(
    description="Something that keeps a case from being thinned: a hold (gallringsstopp), a child's"
    " placement, an inquiry into a child's need of protection."
)
class RetentionMark(Node):
    """Something that keeps a case from being thinned."""

    kind: RetentionMarkKind = column(MarkRow.kind)
    case: CaseRef | None = to_one(
        "Case", MarkRow.case_id, description="Null for who does not read the case."
    )
    case_number: str | None = expressed(
        "case_number", lambda _: _number_of(MarkRow), description="Ärendenummer."
    )
    person: PersonRef | None = to_one(
        "Person", MarkRow.person_id, description="The child that an inquiry was about."
    )
    reason: str = opened(MarkRow.reason)
    placed_by: PrincipalRef | None = to_one("Principal", MarkRow.placed_by)
    placed_on: dt.date = column(MarkRow.placed_on)
    until: dt.date | None = column(
        MarkRow.until, description="A hold's last day; null until somebody lifts it."
    )
    lifted_on: dt.date | None = column(MarkRow.lifted_on)
    lifted_by: PrincipalRef | None = to_one("Principal", MarkRow.lifted_by)
    version: int = column(MarkRow.version)

    @computed(needs=("case_id",), description="The case's id, whoever reads the case.")
    def case_id(self) -> strawberry.ID:
        """The case's id."""
        return strawberry.ID(global_id("Case", self.row["case_id"]))

    @computed(needs=("lifted_on", "until"), description="Whether it counts today.")
    def stands(self) -> bool:
        """Whether it counts today."""
        until = self.row["until"]
        return self.row["lifted_on"] is None and (until is None or until >= today())


@strawberry.type(description="How many cases, or rows, of a kind.")
class ThinningCount:
    """How many cases, or rows, of a kind."""

    code: str
    count: int


@strawberry.type(description="Closed cases that come due in a year, by rule.")
class ThinningYear:
    """Closed cases that come due in a year."""

    year: int
    done_by: dt.date = strawberry.field(description="The last day by which they are to be thinned.")
    cases: int
    rules: list[ThinningCount]


_COUNTED = (RunRow.preview, RunRow.judged, RunRow.forecast, RunRow.certificate, RunRow.stopped_at)


@reads(RunRow, visible=_runs_seen, also=_COUNTED)
@strawberry.type(
    description="A thinning (gallring): proposed by one person, approved by another, carried out by"
    " the worker."
)
class ThinningRun(Node):
    """A thinning."""

    state: ThinningRunState = column(RunRow.state)
    on_day: dt.date = column(RunRow.on_day, description="The day on which each case is judged.")
    proposed_by: PrincipalRef | None = to_one("Principal", RunRow.proposed_by)
    proposed_at: dt.datetime = column(RunRow.proposed_at)
    approved_by: PrincipalRef | None = to_one("Principal", RunRow.approved_by)
    approved_at: dt.datetime | None = column(RunRow.approved_at)
    stopped_by: PrincipalRef | None = to_one("Principal", RunRow.stopped_by)
    stopped_at: dt.datetime | None = column(RunRow.stopped_at)
    cases_total: int = column(RunRow.cases_total, description="Cases that are due.")
    cases_done: int = column(RunRow.cases_done, description="Cases that are seen to.")
    ended_at: dt.datetime | None = column(RunRow.ended_at)
    certificate_sha256: str | None = column(
        RunRow.certificate_sha256, description="Of the certificate as canonical JSON."
    )
    backups_until: dt.date | None = column(
        RunRow.backups_until,
        description="The last day on which a backup may hold what was thinned.",
    )
    version: int = column(RunRow.version)

    @computed(needs=("cases_total", "cases_done", "state"), description="From 0 to 100.")
    def progress_percent(self) -> int:
        """How far the worker has come with the cases."""
        if self.row["state"] == "done":
            return 100
        total, done = self.row["cases_total"], self.row["cases_done"]
        return 100 * min(done, total) // total if total else 0

    @computed(needs=("preview",), description="Rows that would go, by kind.")
    def preview(self) -> list[ThinningCount]:
        """Rows that would go, by kind."""
        return _counts(by_kind(self.row["preview"]))

    @computed(
        needs=("judged",), description="Closed cases by the rule that says what becomes of them."
    )
    def judged(self) -> list[ThinningCount]:
        """Closed cases by rule."""
        return _counts(dict(sorted(self.row["judged"].items())))

    @computed(needs=("forecast",), description="Closed cases by the year in which they come due.")
    def years(self) -> list[ThinningYear]:
        """Closed cases by the year in which they come due."""
        return [
            ThinningYear(
                year=int(year),
                done_by=dt.date(int(year) + 1, 12, 31),
                cases=sum(rules.values()),
                rules=_counts(dict(sorted(rules.items()))),
            )
            for year, rules in sorted(self.row["forecast"].items())
        ]

    @computed(needs=("certificate",), description="Rows that went, by kind; none until it is done.")
    def gone(self) -> list[ThinningCount]:
        """Rows that went, by kind."""
        said = self.row["certificate"]
        return [] if said is None else _counts(by_kind(said["rows"]))

    @computed(needs=("certificate",), description="Cases that were left, by reason.")
    def left(self) -> list[ThinningCount]:
        """Cases that were left, by reason."""
        said = self.row["certificate"]
        return [] if said is None else _counts(said["left"])

    @computed(
        5,
        needs=("certificate",),
        description="The certificate (gallringsbevis) as JSON text; null until it is done.",
    )
    def certificate(self) -> str | None:
        """The certificate as JSON text."""
        said = self.row["certificate"]
        return None if said is None else json.dumps(said, ensure_ascii=False, indent=2)

    @computed(
        needs=("state", "proposed_by", "cases_total"),
        reads=False,
        description="Whether the caller may approve it now: never who proposed it.",
    )
    def may_approve(self, info: Info) -> bool:
        """Whether the caller may approve it now."""
        actor = info.context.actor
        return (
            self.row["state"] == "proposed"
            and self.row["cases_total"] > 0
            and str(self.row["proposed_by"]) != str(actor.principal_id)
            and allows(actor, Action.RETENTION_APPROVE)
        )

    @computed(
        needs=("state", "stopped_at"),
        reads=False,
        description="Whether the caller may stop it now.",
    )
    def may_stop(self, info: Info) -> bool:
        """Whether the caller may stop it now."""
        actor = info.context.actor
        return (
            self.row["state"] not in ("done", "withdrawn")
            and self.row["stopped_at"] is None
            and (allows(actor, Action.RETENTION_PROPOSE) or allows(actor, Action.RETENTION_APPROVE))
        )


def _counts(found: dict[str, int]) -> list[ThinningCount]:
    return [ThinningCount(code=code, count=count) for code, count in found.items()]


@reads(ItemRow, visible=_runs_seen, case=ItemRow.case_id)
@strawberry.type(description="One case of a thinning.")
class ThinningItem(Node):
    """One case of a thinning. When the case is gone, nothing here says whose it was."""

    case_number: str | None = expressed(
        "case_number",
        lambda _: _number_of(ItemRow),
        description="Null when the case is gone, and of a case that is closed to a circle.",
    )
    department: str = column(ItemRow.department)
    rule: str = column(ItemRow.rule, description="Code of the rule that gives the day.")
    due_on: dt.date = column(ItemRow.due_on)
    done_by: dt.date = column(ItemRow.done_by)
    state: ThinningItemState = column(ItemRow.state)
    left_because: str = column(ItemRow.left_because, description="Code of why it was left.")
    number_digest: str = column(
        ItemRow.number_hash,
        description="SHA-256 of the kommun's id and the number: who knows the number can check it.",
    )
    thinned_at: dt.datetime | None = column(ItemRow.thinned_at)

    @computed(needs=("case_number", "case_id"), description="The case's id while it is there.")
    def case_id(self) -> strawberry.ID | None:
        """The case's id while it is there."""
        if self.row["case_number"] is None:
            return None
        return strawberry.ID(global_id("Case", self.row["case_id"]))


@strawberry.type(description="When a closed case is thinned, or why it is kept.")
class RetentionCase:
    """When a closed case is thinned, or why it is kept."""

    case_id: strawberry.ID
    number: str
    department: str
    closed_on: dt.date
    fate: str = strawberry.field(description="thin (due), wait, held or keep (for good)")
    rule: str = strawberry.field(description="Code of the rule that says so.")
    cite: list[str] = strawberry.field(description="Where it stands.")
    due_on: dt.date | None = strawberry.field(
        description="The first day on which it may be thinned; null where it is kept for good."
    )
    done_by: dt.date | None = strawberry.field(description="The last by which it is to be done.")
    may_hold: bool = strawberry.field(description="Whether the caller may keep it from thinning.")


def shown(info: Info, case: CaseRow) -> RetentionCase | None:
    """What becomes of a case as of today; null while it is open, and for who may not know."""
    actor = info.context.actor
    if case.closed_on is None or case.state != "closed":
        return None
    if not service.may_judge(actor, case.department):
        return None
    found = verdict(info.context.session, case, today())
    # The rule tells of who lives there: a child that was placed, a day of birth.
    info.context.lays_open(case=case.id)
    for person in person_ids(info.context.session, case.household_id):
        info.context.lays_open(person=person)
    return RetentionCase(
        case_id=strawberry.ID(global_id("Case", case.id)),
        number=case.number,
        department=case.department,
        closed_on=case.closed_on,
        fate=found.fate.value,
        rule=found.rule,
        cite=list(found.cite),
        due_on=found.due,
        done_by=found.done_by,
        may_hold=allows(actor, Action.RETENTION_HOLD, department=case.department),
    )
