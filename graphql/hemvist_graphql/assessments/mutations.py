"""Commands of the assessment: answering and concluding."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.assessments import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input(description="An answer to one of the case's questions.")
class AnswerInput:
    """An answer to one of the case's questions."""

    fact: str = text(100)
    value: Json | None = strawberry.field(
        default=None, description="Of the question's type; null takes the present answer back."
    )
    reason: str | None = text(MAX_TEXT, default=None, description="Compulsory for an assessment.")
    source: str | None = text(200, default=None, description="From what it is known.")
    effective_on: dt.date | None = None


@strawberry.input
class AnswerQuestionsInput:
    """Answers to the case's questions."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    answers: list[AnswerInput]


@command(
    AnswerQuestionsInput,
    gives="case",
    description="Answer questions of the case: all of the answers hold, or none is kept.",
)
def answer_questions(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Answer questions of the case."""
    answers = [service.NewAnswer(**{"value": None, **answer}) for answer in values.pop("answers")]
    return service.answer_all(session, actor, answers=answers, **values)


@strawberry.input
class ConcludeAssessmentInput:
    """A person's conclusion on a rule."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    rule: str = text(100)
    conclusion: bool
    reason: str | None = text(
        MAX_TEXT, default=None, description="Compulsory where it differs from the advice."
    )
    reason_internal: bool | None = strawberry.field(
        default=None, description="The reason is a note among staff, not for the applicant's sheet."
    )
    on: dt.date | None = None


@command(
    ConcludeAssessmentInput,
    gives="assessment",
    description="Sign one's own conclusion on a rule, beside what the engine says.",
)
def conclude_assessment(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Sign one's own conclusion on a rule."""
    return service.conclude(session, actor, **values)
