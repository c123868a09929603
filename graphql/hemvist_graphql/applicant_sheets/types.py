"""The sheet for the applicant: worded in one language, so that it can be printed as it is."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import strawberry

from hemvist.applicant_sheets.criteria import Criterion as CriterionModel
from hemvist.applicant_sheets.criteria import Missing as MissingModel
from hemvist.applicant_sheets.service import ApplicantSheet as SheetModel
from hemvist.applicant_sheets.service import sheet_for
from hemvist.errors import NotFound, PolicyRefused
from hemvist_graphql.context import Context
from hemvist_graphql.states import Outcome


@strawberry.type(description="Something that was known.")
class SheetKnown:
    """Something that was known."""

    question: str
    answer: str
    source: str


@strawberry.type(description="Something that is not known, and how to give it.")
class SheetMissing:
    """Something that is not known."""

    question: str
    help: str | None
    how: str


@strawberry.type(description="One criterion in plain words.")
class SheetCriterion:
    """One criterion in plain words."""

    label: str
    state: str = strawberry.field(description="met, not_met, not_known or not_needed")
    kind: str = strawberry.field(description="condition, exception or advice")
    level: int = strawberry.field(description="0 for the rule itself; those under it are deeper.")
    needs: str = strawberry.field(
        description="all or any of those under it; empty where it is judged by itself"
    )
    sources: list[str]
    known: list[SheetKnown]
    missing: list[SheetMissing]


@strawberry.type(description="The decision that came of it, and how to appeal against it.")
class SheetDecision:
    """The decision that came of it."""

    label: str
    granted: bool
    decided_on: dt.date
    decided_by: str | None
    legal_bases: list[str]
    appeal: str


@strawberry.type(
    description="An assessment for the one it is about: no notes among staff, no address, nobody "
    "else's data."
)
class ApplicantSheet:
    """An assessment for the one it is about."""

    language: str
    case_number: str
    department: str
    applicant: str | None = strawberry.field(
        description="Null where anyone in the household is protected: no name is printed then."
    )
    protected: bool
    guideline: str
    version: str
    sources: list[str]
    assessed_on: dt.date
    outcome: Outcome
    concluded_met: bool
    concluded_by: str | None
    reason: str | None = strawberry.field(
        description="Null where it was marked as internal, or anyone is protected."
    )
    criteria: list[SheetCriterion] = strawberry.field(description="Those above come first.")
    missing: list[SheetMissing] = strawberry.field(description="What would settle the matter.")
    decision: SheetDecision | None


def sheet_shown(context: Context, assessment_id: UUID | None, lang: str) -> ApplicantSheet | None:
    """The sheet, logged as a reading of everybody in it; None when there is none for the caller."""
    if assessment_id is None:
        return None
    try:
        sheet = sheet_for(
            context.session, context.actor, assessment_id=assessment_id, language=lang
        )
    except (NotFound, PolicyRefused):
        return None
    context.lays_open(case=sheet.case_id)
    for person in sheet.persons:
        context.lays_open(person=person)
    return _shown(sheet)


def _shown(sheet: SheetModel) -> ApplicantSheet:
    decision = sheet.decision
    return ApplicantSheet(
        language=sheet.language,
        case_number=sheet.case_number,
        department=sheet.department,
        applicant=sheet.applicant,
        protected=sheet.protected,
        guideline=sheet.guideline,
        version=sheet.version,
        sources=list(sheet.sources),
        assessed_on=sheet.assessed_on,
        outcome=Outcome(sheet.outcome),
        concluded_met=sheet.concluded_met,
        concluded_by=sheet.concluded_by,
        reason=sheet.reason,
        criteria=[_criterion(one) for one in sheet.criteria],
        missing=[_missing(one) for one in sheet.missing],
        decision=None
        if decision is None
        else SheetDecision(
            label=decision.label,
            granted=decision.granted,
            decided_on=decision.decided_on,
            decided_by=decision.decided_by,
            legal_bases=list(decision.legal_bases),
            appeal=decision.appeal,
        ),
    )


def _criterion(one: CriterionModel) -> SheetCriterion:
    return SheetCriterion(
        label=one.label,
        state=one.state,
        kind=one.kind,
        level=one.level,
        needs=one.needs,
        sources=list(one.sources),
        known=[
            SheetKnown(question=k.question, answer=k.answer, source=k.source) for k in one.known
        ],
        missing=[_missing(m) for m in one.missing],
    )


def _missing(one: MissingModel) -> SheetMissing:
    return SheetMissing(question=one.question, help=one.help, how=one.how)
