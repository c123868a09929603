"""A task: a plain view of what is to be done something with, over rows of many tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, exists, select

from hemvist.cases.models import Case as CaseRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.identity import Action, Actor
from hemvist.workdays import duties
from hemvist_graphql.choosing import Criteria, Where
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.obligations.types import Obligation
from hemvist_graphql.reading import Readable, computed, identity
from hemvist_graphql.refs import CaseRef
from hemvist_graphql.views import NO_DAY, NO_INSTANT, keyed, keyed_one, over, word, words
from hemvist_graphql.wording import TASKS


@strawberry.type(description="Something to do.")
class Task(Readable):
    """Something to do: a view of what is to be done something with."""

    kind: str = keyed("kind")
    due_on: dt.date | None = keyed("due_on")
    due_at: dt.datetime | None = keyed(
        "due_at", description="The instant, where it is more than a day."
    )
    subject_type: str = keyed("subject_type", description="The schema's type of what it is about.")
    subject_id: strawberry.ID = identity(description="The id of what it is about.")
    case: CaseRef | None = keyed_one(
        "Case",
        "case_id",
        description="The case that it belongs to; null for those who read no cases.",
    )

    @computed(needs=("kind", "words"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be done."""
        return worded(self.row["words"], lang, self.row["kind"])


def task_over(subject: type[Readable], kind: str, due: Any = NO_DAY) -> type[Task]:
    """A task of one kind over rows of ``subject``."""
    keys = {"kind": word(kind), "due_on": due, "words": words(TASKS.get(kind))}
    return view_over(subject, keys)


def view_over(subject: type[Readable], keys: dict[str, Any]) -> type[Task]:
    return over(
        Task, subject, {"subject_type": word(subject.reading.name), "due_at": NO_INSTANT, **keys}
    )


#: What an obligation is called stands in its row.
DUTY = view_over(
    Obligation,
    {"kind": ObligationRow.code, "due_on": ObligationRow.due_on, "words": ObligationRow.label},
)


def in_own_department(
    model: Any, action: Action, criteria: Callable[[Actor], Sequence[ColumnElement[bool]]]
) -> Where:
    """Rows of open cases of the departments in which a role of the actor may take ``action``."""

    def where(actor: Actor) -> Criteria:
        departments = duties.departments(actor, action)
        if not departments:
            return None
        in_department = exists(
            select(CaseRow.id).where(
                CaseRow.tenant_id == model.tenant_id,
                CaseRow.id == model.case_id,
                CaseRow.state == "open",
                CaseRow.department.in_(departments),
            )
        )
        return (*criteria(actor), in_department)

    return where
