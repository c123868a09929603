"""Looks to review, each month in figures, and what a person is told of the log about them."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, false

from hemvist.identity import Action, Actor, allows
from hemvist.log_reviews import persons, service
from hemvist.log_reviews.models import LogLook as LookRow
from hemvist.tenancy import TenantSession
from hemvist_graphql.reading import Node, column, opened, reads, to_one
from hemvist_graphql.refs import PrincipalRef
from hemvist_graphql.states import LogLookState


def _others(actor: Actor) -> ColumnElement[bool]:
    """Everybody's but the reviewer's own."""
    if not allows(actor, Action.LOG_REVIEW):
        return false()
    return LookRow.principal_id != actor.principal_id


@reads(LookRow, visible=_others)
@strawberry.type(
    description="A look of a month's sample (stickprov): somebody, on a day, at a case or at"
    " somebody's data. What it showed them is not shown."
)
class LogLook(Node):
    """A look of a month's sample."""

    person: PrincipalRef | None = to_one("Principal", LookRow.principal_id, description="Who.")
    on_day: dt.date = column(LookRow.on_day)
    at: dt.datetime = column(LookRow.at, description="Of the first entry.")
    entries: int = column(LookRow.entries, description="Entries of the day, of the same.")
    roles: list[str] = column(LookRow.roles, description="In which roles it was done.")
    channel: str = column(LookRow.channel)
    action: str = column(LookRow.action, description="The first operation's name.")
    case_number: str | None = column(
        LookRow.case_number, description="Null for a look at people without a case."
    )
    persons: int = column(LookRow.persons, description="How many people's data it showed.")
    reasons: list[str] = column(
        LookRow.reasons,
        description="Codes of why it was likelier to be drawn, the heaviest first; none of one"
        " drawn by chance.",
    )
    weight: int = column(LookRow.weight)
    state: LogLookState = column(LookRow.state)
    remark: str | None = opened(LookRow.remark, description="What the reviewer says.")
    reviewed_at: dt.datetime | None = column(LookRow.reviewed_at)
    reviewed_by: PrincipalRef | None = to_one("Principal", LookRow.reviewed_by)
    version: int = column(LookRow.version)


@strawberry.type(description="How many looks of a kind.")
class LogCount:
    """How many looks of a kind."""

    code: str
    count: int


@strawberry.type(description="A month's log review (loggkontroll) in figures, nobody's name.")
class LogMonth:
    """A month's log review in figures."""

    month: dt.date = strawberry.field(description="Its first day.")
    entries: int = strawberry.field(description="Entries of the log.")
    looks: int = strawberry.field(description="Looks at a case or at somebody, by day.")
    drawn: int = strawberry.field(description="Looks of the sample.")
    states: list[LogCount] = strawberry.field(description="What became of them.")
    reasons: list[LogCount] = strawberry.field(description="Why they were likelier to be drawn.")


@strawberry.type(
    description="What a person is told of an entry of the log about them: roles, nobody's name."
)
class PersonLogLine:
    """What a person is told of an entry of the log about them."""

    at: dt.datetime
    roles: list[str] = strawberry.field(
        description="Of staff; none of Hemvist itself, and of whom it is not told."
    )
    channel: str
    kind: str = strawberry.field(description="read or write")


def months(session: TenantSession, actor: Actor) -> list[LogMonth]:
    """The figures for who reviews logs or reads figures; nothing for others."""
    if not (allows(actor, Action.LOG_REVIEW) or allows(actor, Action.LOG_FIGURES)):
        return []
    return [
        LogMonth(
            month=one.month,
            entries=one.entries,
            looks=one.looks,
            drawn=one.drawn,
            states=[LogCount(code=code, count=count) for code, count in one.states.items()],
            reasons=[LogCount(code=code, count=count) for code, count in one.reasons.items()],
        )
        for one in service.figures(session, actor)
    ]


def person_log(session: TenantSession, actor: Actor, number: str) -> list[PersonLogLine]:
    """The log about the person with this number; nothing for who reviews no logs."""
    if not allows(actor, Action.LOG_REVIEW):
        return []
    return [
        PersonLogLine(at=one.at, roles=one.roles, channel=one.channel, kind=one.kind)
        for one in persons.person_log(session, actor, personal_number=number)
    ]
