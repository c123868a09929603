"""Forms as departments prepare them, and the rows of cases behind each figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, and_, exists, false, select

from hemvist.authority_forms.definitions import Question, every
from hemvist.authority_forms.models import AuthorityForm as FormRow
from hemvist.authority_forms.models import AuthorityFormLine as LineRow
from hemvist.identity import MATRIX, Action, Actor
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.authority_forms.kinds import AuthorityFormKind, AuthorityFormQuestion, kind_of
from hemvist_graphql.context import Info
from hemvist_graphql.guarantees.words import GRANT_FIELDS
from hemvist_graphql.ids import global_id
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import Node, column, computed, reads, to_one, unsealed
from hemvist_graphql.refs import AuthorityFormRef, CaseRef, PrincipalRef
from hemvist_graphql.states import AuthorityFormState

#: What a rule's rows stem from, where it is something that has a page; else the case itself is it.
_SUBJECTS = {
    "contracts_running": "Contract",
    "contracts_begun": "Contract",
    "contracts_ended": "Contract",
    "people_in_homes": "Contract",
    "households_in_homes": "Contract",
    "guarantees_issued": "Guarantee",
    "guarantees_running": "Guarantee",
    "guarantees_paid": "Guarantee",
    "grants": "Guarantee",
    "unexecuted": "Decision",
}


def visible_forms(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``AuthorityForm``: of a department in which the actor prepares forms."""
    theirs = {
        membership.department
        for membership in actor.memberships
        if Action.AUTHORITY_FORM_PREPARE in MATRIX[membership.role]
    }
    return FormRow.department.in_(sorted(theirs)) if theirs else false()


def visible_lines(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``AuthorityFormLine``: the actor sees the form, and the case by itself."""
    return and_(
        of_visible_case(LineRow)(actor),
        exists(
            select(FormRow.id).where(
                FormRow.tenant_id == LineRow.tenant_id,
                FormRow.id == LineRow.form_id,
                visible_forms(actor),
            )
        ),
    )


@reads(
    FormRow,
    visible=visible_forms,
    also=(FormRow.figures_sealed, FormRow.answers_sealed),
)
@strawberry.type(description="A form of an authority as a department has prepared it.")
class AuthorityForm(Node):
    """A form of an authority as a department has prepared it."""

    code: str = column(FormRow.form)
    form_version: int = column(FormRow.form_version)
    department: str = column(FormRow.department)
    reach: str = column(
        FormRow.reach,
        description="own: the department's cases; disclosed: those that lie open to it as well.",
    )
    period: str = column(FormRow.period)
    first_day: dt.date = column(FormRow.first_day)
    last_day: dt.date = column(FormRow.last_day)
    state: AuthorityFormState = column(FormRow.state)
    counted_at: dt.datetime | None = column(FormRow.counted_at)
    prepared_by: PrincipalRef | None = to_one("Principal", FormRow.prepared_by)
    prepared_at: dt.datetime = column(FormRow.prepared_at)
    ready_by: PrincipalRef | None = to_one("Principal", FormRow.ready_by)
    ready_at: dt.datetime | None = column(FormRow.ready_at)
    sent_on: dt.date | None = column(FormRow.sent_on)
    sent_by: PrincipalRef | None = to_one("Principal", FormRow.sent_by)
    version: int = column(FormRow.version)

    @computed(needs=("form", "form_version"), description="The form, as it was then.")
    def kind(self) -> AuthorityFormKind:
        """The form, as it was then."""
        return kind_of(every()[self.row["form"], self.row["form_version"]])

    @computed(
        5,
        needs=("form", "form_version", "figures_sealed", "answers_sealed"),
        reads=False,
        description="Its questions with what they are answered with.",
    )
    def questions(self, info: Info) -> list[AuthorityFormQuestion]:
        """Its questions with what they are answered with."""
        figures = unsealed(info, FormRow.figures, self.row["figures_sealed"]) or {}
        answers = unsealed(info, FormRow.answers, self.row["answers_sealed"]) or {}
        form = every()[self.row["form"], self.row["form_version"]]
        return [_answered(one, figures, answers) for one in form.questions]


def _answered(
    asked: Question, figures: dict[str, Any], answers: dict[str, Any]
) -> AuthorityFormQuestion:
    given = answers.get(asked.code, {})
    value = figures.get(asked.code) if asked.counted else given.get("value")
    return AuthorityFormQuestion(
        asked=asked,
        code=asked.code,
        how=asked.how,
        unit=asked.unit,
        source=asked.source,
        optional=asked.optional,
        number=value if asked.how in ("counted", "number") else None,
        text=value if asked.how == "text" else None,
        yes=value if asked.how == "yes_no" else None,
        answered_on=dt.date.fromisoformat(given["on"]) if given else None,
    )


@strawberry.type(description="What is handed in of a row.")
class AuthorityFormField:
    """What is handed in of a row."""

    name: str
    value: str | None = strawberry.field(description="Amounts in öre, dates YYYY-MM-DD.")

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it asks."""
        return worded(GRANT_FIELDS.get(self.name), lang, self.name)


@reads(
    LineRow,
    visible=visible_lines,
    case=LineRow.case_id,
    also=(LineRow.of, LineRow.fields_sealed),
)
@strawberry.type(
    description="A row of a case that a figure is made of; seen by those who see the case."
)
class AuthorityFormLine(Node):
    """A row of a case that a figure is made of."""

    form: AuthorityFormRef = to_one("AuthorityForm", LineRow.form_id)
    question: str = column(LineRow.question)
    on_day: dt.date = column(
        LineRow.on_day, description="When it happened, or since when it holds."
    )
    amount: int = column(LineRow.amount, description="Homes, persons or öre.")
    case: CaseRef = to_one("Case", LineRow.case_id)

    @computed(
        needs=("fields_sealed",),
        reads=False,
        description="What is handed in of it, as a grant's application asks; empty for most.",
    )
    def fields(self, info: Info) -> list[AuthorityFormField]:
        """What is handed in of it."""
        told = unsealed(info, LineRow.fields, self.row["fields_sealed"]) or {}
        return [
            AuthorityFormField(name=name, value=None if value is None else str(value))
            for name, value in told.items()
        ]

    @computed(
        needs=("question", "of"),
        description="The contract, guarantee or decision that it stems from; null for the case.",
    )
    def subject_id(self) -> strawberry.ID | None:
        """What it stems from."""
        questions = (form.question(self.row["question"]) for form in every().values())
        rule = next((one.rule for one in questions if one is not None), "")
        subject = _SUBJECTS.get(rule)
        return None if subject is None else strawberry.ID(global_id(subject, self.row["of"]))
