"""Commands on handovers: of the function that begins and names, and of the named handlers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import strawberry

from hemvist.handovers import access, service, taking_in
from hemvist.handovers.content import MAX_TEXT, TEXTS
from hemvist.handovers.models import Handover as HandoverRow
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class StartHandoverInput:
    """An agreed move whose handover begins."""

    idempotency_key: str
    transfer_proposal_id: strawberry.ID = refers_to("TransferProposal")


@command(
    StartHandoverInput,
    gives="handover",
    description="Begin the own half of a handover; the caller is its first handler.",
)
def start_handover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin the own half."""
    return service.start(session, actor, proposal_id=values["transfer_proposal_id"])


@strawberry.input
class NameHandoverHandlerInput:
    """A person who is to work with a handover."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    principal_id: strawberry.ID = refers_to("Principal")


@command(
    NameHandoverHandlerInput,
    gives="handover_handler",
    description="The function names somebody for a handover, such as the household's caseworker.",
)
def name_handover_handler(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Name somebody."""
    return access.name_handler(session, actor, **values)


@strawberry.input
class EndHandoverHandlerInput:
    """A person who is named for a handover no longer."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    principal_id: strawberry.ID = refers_to("Principal")


@command(
    EndHandoverHandlerInput,
    gives="handover",
    description="The person is named for the handover no longer, and does not see it any more.",
)
def end_handover_handler(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The person is named no longer."""
    access.end_handler(session, actor, **values)
    return _row(session, values["handover_id"])


@strawberry.input
class SettleHandoverItemInput:
    """A line of the checklist that is seen to."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    item: str = text(40)
    state: str = text(20, description="open, done or not_needed")
    note: str | None = text(service.MAX_NOTE, default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    SettleHandoverItemInput,
    gives="handover_item",
    description="Settle a line of the own checklist, or open it again.",
)
def settle_handover_item(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Settle a line."""
    return service.settle_item(session, actor, **values)


@strawberry.input
class SendHandoverInput:
    """What the receiving kommun is told. No address, old or new."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    contact: str | None = text(
        MAX_TEXT, default=None, description="How they can be reached safely."
    )
    language: str | None = text(MAX_TEXT, default=None)
    children: str | None = text(MAX_TEXT, default=None)
    care: str | None = text(MAX_TEXT, default=None)
    threat: str | None = text(MAX_TEXT, default=None)
    other: str | None = text(MAX_TEXT, default=None)
    ground: str = text(20, description="consent or osl_10_2")
    consent_on: dt.date | None = None
    not_moving: list[strawberry.ID] = refers_to(
        "Person",
        default_factory=list,
        description="Persons of the household who stay, such as the one it flees from: nothing is"
        " told of them.",
    )
    expected_version: int


@command(
    SendHandoverInput,
    gives="handover",
    description="Tell the receiving kommun who the household is and what it needs, once and for"
    " good; nobody else can open it.",
)
def send_handover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Tell the receiving kommun."""
    texts = {name: values.pop(name) for name in TEXTS if name in values}
    return service.send(session, actor, texts=texts, **values)


@strawberry.input
class OpenHandoverParcelInput:
    """A parcel that is to be opened."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")


@command(
    OpenHandoverParcelInput,
    gives="handover",
    description="Open what the sending kommun has told. `handoverLook` shows it from then on.",
)
def open_handover_parcel(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Open the parcel."""
    service.open_parcel(session, actor, handover_id=values["handover_id"])
    return _row(session, values["handover_id"])


@strawberry.input
class TakeInHandoverInput:
    """A household that is to be registered here."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    department: str = text(40)
    pack: str | None = text(100, default=None)
    expected_version: int


@command(
    TakeInHandoverInput,
    gives="handover",
    description="Register the household under a new alias and open its case.",
)
def take_in_handover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take the household in."""
    return taking_in.take_in(session, actor, **values)


@strawberry.input
class RecordHandoverMoveInput:
    """The day on which a household moved in."""

    idempotency_key: str
    handover_id: strawberry.ID = refers_to("Handover")
    on: dt.date | None = None
    expected_version: int


@command(
    RecordHandoverMoveInput,
    gives="handover",
    description="The household has moved in: the ledger books it, and the origin learns the day.",
)
def record_handover_move(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The household has moved in."""
    return service.moved(session, actor, **values)


def _row(session: TenantSession, handover_id: UUID) -> HandoverRow:
    return session.find(HandoverRow, handover_id)
