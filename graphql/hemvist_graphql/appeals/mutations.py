"""Commands on appeals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.appeals import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class ReceiveAppealInput:
    """An appeal that came in."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    how: str = text(20, description="letter, email, e_service, handed_in or told")
    asks: str = text(MAX_TEXT, description="What the person wants and why.")
    received_on: dt.date | None = None


@command(
    ReceiveAppealInput,
    gives="appeal",
    description="Register an appeal; whether it came in time is counted.",
)
def receive_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register an appeal; whether it came in time is counted."""
    return service.receive(session, actor, **values)


@strawberry.input
class JudgeAppealInput:
    """Whether an appeal is tried."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    late_ground: str | None = text(
        40, default=None, description="wrong_information or came_in_time_elsewhere"
    )
    dismissal_reason: str | None = text(
        MAX_TEXT, default=None, description="Compulsory where a late one is dismissed."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    JudgeAppealInput,
    gives="appeal",
    description="Accept an appeal in time, or dismiss a late one; not by the one who received it.",
)
def judge_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Accept an appeal in time, or dismiss a late one; not by the one who received it."""
    return service.judge_timeliness(session, actor, **values)


@strawberry.input
class ReconsiderAppealInput:
    """What reconsideration came to."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    result: str = text(20, description="unchanged, changed_as_asked or changed_in_part")
    reason: str = text(MAX_TEXT)
    new_decision_id: strawberry.ID | None = refers_to("Decision", default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    ReconsiderAppealInput,
    gives="appeal",
    description="Note what the kommun's own reconsideration came to.",
)
def reconsider_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what the kommun's own reconsideration came to."""
    return service.reconsider(session, actor, **values)


@strawberry.input
class ForwardAppealInput:
    """To which court."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    court: str = text(200)
    on: dt.date | None = None
    expected_version: int


@command(
    ForwardAppealInput, gives="appeal", description="Pass a reconsidered appeal on to the court."
)
def forward_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Pass a reconsidered appeal on to the court."""
    return service.forward(session, actor, **values)


@strawberry.input
class SettleAppealInput:
    """The court's answer."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    outcome: str = text(
        20,
        description="rejected, granted, granted_in_part, remanded, dismissed or struck_out",
    )
    court_number: str = text(100)
    on: dt.date | None = None
    expected_version: int


@command(
    SettleAppealInput,
    gives="appeal",
    description="Note what the court came to.",
)
def settle_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what the court came to."""
    return service.settle(session, actor, **values)


@strawberry.input
class AnswerRemandInput:
    """The new decision that a judgment led to."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    new_decision_id: strawberry.ID = refers_to("Decision")
    on: dt.date | None = None
    expected_version: int


@command(
    AnswerRemandInput,
    gives="appeal",
    description="Name the new decision that the judgment led to: after a remand, or a grant.",
)
def answer_remand(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Name the new decision that the judgment led to."""
    return service.answer_remand(session, actor, **values)


@strawberry.input
class WithdrawAppealInput:
    """An appeal that is taken back."""

    idempotency_key: str
    appeal_id: strawberry.ID = refers_to("Appeal")
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawAppealInput,
    gives="appeal",
    description="The person takes the appeal back.",
)
def withdraw_appeal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The person takes the appeal back."""
    return service.withdraw(session, actor, **values)
