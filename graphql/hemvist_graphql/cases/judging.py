"""How a case is judged: questions, criteria, what the law says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.assessments import by_choice
from hemvist.assessments import service as assessing
from hemvist.assessments.models import Assessment as AssessmentRow
from hemvist.clock import today
from hemvist.milestones.watching import case_findings
from hemvist_graphql.access import reads_as_owner
from hemvist_graphql.assessments.types import (
    Criterion,
    Question,
    RuleChoice,
    choices_shown,
    criterion_shown,
    questions_shown,
)
from hemvist_graphql.cases.common import INSIDE
from hemvist_graphql.context import Context, Info
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.loading import record_of
from hemvist_graphql.pinned import pack_of_row
from hemvist_graphql.reading import Readable, computed, to_many
from hemvist_graphql.refs import AssessmentRef


@strawberry.type
class CaseJudging(Readable):
    """How the case is judged."""

    assessments: list[AssessmentRef] = to_many(
        "Assessment",
        AssessmentRow.case_id,
        order=(AssessmentRow.concluded_at.desc(), AssessmentRow.id.desc()),
        description=INSIDE,
    )

    @computed(50, description=f"The facts that its rules can need, relevant ones. {INSIDE}")
    def questions(self, info: Info, all: bool = False, rule: str | None = None) -> list[Question]:
        """The case's questions; ``all`` also those beside the point, ``rule`` those of one rule."""
        return [one for one in _questions(info.context, self, rule) if all or one.relevant]

    @computed(100, description=f"What its rules say, clause by clause. {INSIDE}")
    def criteria(self, info: Info, on: dt.date | None = None) -> list[Criterion]:
        """What the rules say on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        questions = {one.fact: one for one in _questions(context, self)}
        said = assessing.criteria(context.session, record_of(context, self), on or today())
        pack = pack_of_row(context, self.row)
        return [criterion_shown(pack, one, questions) for one in said]

    @computed(100, description="What one rule of its pack says; null when there is none such.")
    def criterion(self, info: Info, rule: str, on: dt.date | None = None) -> Criterion | None:
        """What one rule of the pack says on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return None
        said = by_choice.try_rule(context.session, record_of(context, self), rule, on or today())
        if said is None:
            return None
        questions = {one.fact: one for one in _questions(context, self, rule)}
        return criterion_shown(pack_of_row(context, self.row), said, questions)

    @computed(
        20, description=f"Rules of its pack that are not among its criteria, to be tried. {INSIDE}"
    )
    def rules_to_try(self, info: Info) -> list[RuleChoice]:
        """The rules that the case does not show by itself."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        found = by_choice.rules_to_try(context.session, record_of(context, self))
        return choices_shown(pack_of_row(context, self.row), found)

    @computed(20, description=f"What the law says of the case as it stands. {INSIDE}")
    def legal_findings(self, info: Info, on: dt.date | None = None) -> list[LegalFinding]:
        """Clocks of the law on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        found = case_findings(context.session, record_of(context, self), on or today())
        return findings_shown(one.as_json() for one in found)


def _questions(context: Context, case: Readable, rule: str | None = None) -> list[Question]:
    if not reads_as_owner(context.actor, case.row["department"]):
        return []
    if rule is not None:
        known = pack_of_row(context, case.row).rules.get(rule)
        if known is None or not known.active:
            return []
    # Criteria and questions are asked for together, and criteria show the questions that they need.
    shown: Any = case.cohort.relations.setdefault(("questions", rule), {})
    if case.row["id"] not in shown:
        asked = assessing.questions(context.session, record_of(context, case), today(), rule)
        shown[case.row["id"]] = questions_shown(context, asked)
    found: list[Question] = shown[case.row["id"]]
    return found
