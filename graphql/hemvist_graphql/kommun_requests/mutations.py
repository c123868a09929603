"""Commands on requests between kommuner."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.kommun_requests import following, service
from hemvist.outside import service as outside
from hemvist.outside.packages import MAX_ANSWER
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class OpenKommunRequestInput:
    """A request to another kommun, or another's to this one."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    kind: str = text(20, description="application or takeover")
    direction: str = text(20, description="outgoing or incoming")
    counterpart: str = text(4, description="Kommunkod of the other kommun.")
    function_address: str = text(200, description="The function there, never a person.")
    reasons: str = text(MAX_TEXT)
    wish: str = text(20, description="wants, accepts, objects or not_asked")
    on: dt.date | None = None


@command(
    OpenKommunRequestInput,
    gives="kommun_request",
    description="Open a request: our own as a draft, another kommun's on the day it came in.",
)
def open_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Open a request."""
    return service.open_request(session, actor, **values)


@strawberry.input
class SendKommunRequestInput:
    """A request that was sent."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    on: dt.date | None = None
    arrived_on: dt.date | None = None
    expected_version: int


@command(
    SendKommunRequestInput,
    gives="kommun_request",
    description="Note that it was sent; a takeover by a manager who did not draft it.",
)
def send_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that it was sent."""
    return service.send(session, actor, **_named(values))


@strawberry.input
class NoteKommunRequestArrivalInput:
    """The day on which a request came in to the other kommun."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    arrived_on: dt.date
    expected_version: int


@command(
    NoteKommunRequestArrivalInput,
    gives="kommun_request",
    description="Note the day it came in there: the month runs from it.",
)
def note_kommun_request_arrival(
    session: TenantSession, actor: Actor, values: dict[str, Any]
) -> Any:
    """Note the day it came in there."""
    return service.note_arrival(session, actor, **_named(values))


@strawberry.input
class AnswerKommunRequestInput:
    """The answer to a request."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    agreed: bool
    reasons: str | None = text(MAX_TEXT, default=None, description="Compulsory with a no.")
    on: dt.date | None = None
    expected_version: int


@command(
    AnswerKommunRequestInput,
    gives="kommun_request",
    description="Our answer to what came in, by a manager; or what the other kommun answered.",
)
def answer_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The answer."""
    return service.answer(session, actor, **{"reasons": "", **_named(values)})


@strawberry.input
class TakeKommunRequestAnswerInput:
    """The file that another kommun sent back."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    content_base64: str = text(2 * MAX_ANSWER, description="svar.json of the package, filled in.")
    expected_version: int


@command(
    TakeKommunRequestAnswerInput,
    gives="kommun_request",
    description="Take in the file that came back, as the other kommun's answer to this request.",
)
def take_kommun_request_answer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take the answer in."""
    try:
        content = base64.b64decode(values.pop("content_base64"), validate=True)
    except (binascii.Error, ValueError):
        # No answer is empty: the service says so, after whose request it is.
        content = b""
    return outside.take_answer(session, actor, content=content, **_named(values))


@strawberry.input
class ReferKommunRequestInput:
    """A request that is put to the Inspectorate."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    number: str | None = text(100, default=None, description="The Inspectorate's number.")
    on: dt.date | None = None
    expected_version: int


@command(
    ReferKommunRequestInput,
    gives="kommun_request",
    description="Ask the Inspectorate (IVO): after a no, or a month without an answer.",
)
def refer_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Ask the Inspectorate."""
    return following.refer_to_ivo(session, actor, **_named(values))


@strawberry.input
class NoteIvoDecisionInput:
    """What the Inspectorate decided."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    outcome: str = text(20, description="moved, kept or dismissed")
    number: str = text(100)
    on: dt.date | None = None
    expected_version: int


@command(
    NoteIvoDecisionInput,
    gives="kommun_request",
    description="Note what the Inspectorate (IVO) decided.",
)
def note_ivo_decision(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what the Inspectorate decided."""
    return following.note_ivo(session, actor, **_named(values))


@strawberry.input
class NoteKommunRequestHelpInput:
    """Help that was asked or given, or data that went over."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    kind: str = text(
        30,
        description="assistance_asked, assistance_given, data_handed_over or data_received",
    )
    ground: str | None = text(
        20, default=None, description="sol_29_12, sol_29_9, consent or osl_10_2"
    )
    fields: list[str] | None = None
    consent_on: dt.date | None = None
    notes: str | None = text(MAX_TEXT, default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    NoteKommunRequestHelpInput,
    gives="kommun_request_step",
    description="Note help with an inquiry, or data that went over: on which ground, what, to whom.",
)
def note_kommun_request_help(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note help, or data that went over."""
    return following.note_help(session, actor, **_named(values))


@strawberry.input
class CarryOverKommunRequestInput:
    """A matter that the other kommun has from a day."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    on: dt.date | None = None
    expected_version: int


@command(
    CarryOverKommunRequestInput,
    gives="kommun_request",
    description="The case went over, or the person moved.",
)
def carry_over_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The case went over, or the person moved."""
    return following.carry_over(session, actor, **_named(values))


@strawberry.input
class WithdrawKommunRequestInput:
    """A request that is taken back."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    reasons: str | None = text(MAX_TEXT, default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawKommunRequestInput,
    gives="kommun_request",
    description="The request is taken back by who made it.",
)
def withdraw_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The request is taken back."""
    return service.withdraw(session, actor, **{"reasons": "", **_named(values)})


@strawberry.input
class EntrustKommunRequestInput:
    """A request that the case's handler is to handle."""

    idempotency_key: str
    kommun_request_id: strawberry.ID = refers_to("KommunRequest")
    expected_version: int


@command(
    EntrustKommunRequestInput,
    gives="kommun_request",
    description="A manager lets the case's handler handle it; who did is out of its circle.",
)
def entrust_kommun_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the case's handler handle it."""
    return following.entrust(session, actor, **_named(values))


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the request's id as the services call it."""
    return {
        "request_id" if name == "kommun_request_id" else name: value
        for name, value in values.items()
    }
