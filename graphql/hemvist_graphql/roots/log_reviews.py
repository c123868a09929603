"""The log review: looks to go through, figures, and the log about one person."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, select

from hemvist.identity import Action
from hemvist.log_reviews.models import LogLook as LookRow
from hemvist.log_reviews.models import LogSample as SampleRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.log_reviews.types import LogMonth, PersonLogLine, months, person_log
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import LogLookState

_LOOKS = Ordering("log_looks", (LookRow.weight, LookRow.id))


@strawberry.type
class LogReviewRoots:
    """The log review."""

    @connection(
        "LogLook",
        _LOOKS,
        needs=Action.LOG_REVIEW,
        description="Looks of the samples, the heaviest first, for log reviewers; never their own.",
    )
    def log_looks(
        self, info: Info, state: list[LogLookState] | None = None, month: dt.date | None = None
    ) -> list[ColumnElement[bool]]:
        """Looks of the samples."""
        found = in_states(LookRow.state, state)
        if month is not None:
            drawn = select(SampleRow.id).where(
                SampleRow.tenant_id == LookRow.tenant_id, SampleRow.month == month.replace(day=1)
            )
            found.append(LookRow.sample_id.in_(drawn))
        return found

    @computed(
        30,
        description="Each month's log review in figures, for the board: for log reviewers and the"
        " steering group.",
    )
    def log_months(self, info: Info) -> list[LogMonth]:
        """Each month's log review in figures."""
        return months(info.context.session, info.context.actor)

    @computed(
        100,
        description="Who has read or changed a person's data, for the person who asks: by the whole"
        " number alone, for log reviewers. That it is asked is logged.",
    )
    def person_log(self, info: Info, personal_number: str) -> list[PersonLogLine]:
        """Who has read or changed a person's data."""
        return person_log(info.context.session, info.context.actor, personal_number)
