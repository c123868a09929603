"""Commands on authorities' forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.authority_forms import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class PrepareAuthorityFormInput:
    """A form, a department and a period."""

    idempotency_key: str
    form: str = text(60, description="Code of an authorityFormKind.")
    department: str = text(40)
    period: str = text(10, description="2026, 2026-Q4, 2029-W14")


@command(
    PrepareAuthorityFormInput,
    gives="authority_form",
    description="Let a form be filled in from the cases, or counted anew until it is sent.",
)
def prepare_authority_form(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a form be filled in from the cases, or counted anew until it is sent."""
    return service.prepare(session, actor, **values)


@strawberry.input
class AnswerAuthorityFormInput:
    """An answer to a question that is not counted."""

    idempotency_key: str
    authority_form_id: strawberry.ID = refers_to("AuthorityForm")
    question: str = text(60)
    value: str | None = text(
        service.MAX_TEXT,
        default=None,
        description="A whole number, yes or no, or a text, as the question asks; null takes the"
        " answer back.",
    )
    expected_version: int


@command(
    AnswerAuthorityFormInput,
    gives="authority_form",
    description="Answer a question by hand. A form that was ready is a draft again.",
)
def answer_authority_form(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Answer a question by hand."""
    form_id = values.pop("authority_form_id")
    return service.answer(session, actor, form_id=form_id, **({"value": None} | values))


@strawberry.input
class ReadyAuthorityFormInput:
    """A form that is whole."""

    idempotency_key: str
    authority_form_id: strawberry.ID = refers_to("AuthorityForm")
    expected_version: int


@command(
    ReadyAuthorityFormInput,
    gives="authority_form",
    description="Make a form ready: every question is answered and its figures stay.",
)
def ready_authority_form(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Make a form ready."""
    form_id = values.pop("authority_form_id")
    return service.make_ready(session, actor, form_id=form_id, **values)


@strawberry.input
class MarkAuthorityFormSentInput:
    """A form that has been sent."""

    idempotency_key: str
    authority_form_id: strawberry.ID = refers_to("AuthorityForm")
    sent_on: dt.date | None = None
    expected_version: int


@command(
    MarkAuthorityFormSentInput,
    gives="authority_form",
    description="Note that a form has gone to the authority.",
)
def mark_authority_form_sent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that a form has gone to the authority."""
    form_id = values.pop("authority_form_id")
    return service.mark_sent(session, actor, form_id=form_id, **values)
