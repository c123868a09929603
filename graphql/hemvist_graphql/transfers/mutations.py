"""Commands on protected moves: of the case's department, of the function, of whoever names it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.transfers import functions, offers, proposals, requests
from hemvist.transfers.levers import network_of
from hemvist.transfers.needs import Needs
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text

_NETWORK = "The network's code."


@strawberry.input
class NameTransferPersonInput:
    """A person for the transfer function."""

    idempotency_key: str
    network: str = text(42, description=_NETWORK)
    principal_id: strawberry.ID = refers_to("Principal")
    role: str = text(20, description="operative or manager")


@command(
    NameTransferPersonInput,
    gives="transfer_naming",
    description="Name a transfer coordinator in the kommun's function for a network.",
)
def name_transfer_person(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Name a person."""
    return functions.name_person(session, actor, **_in_network(session, values))


@strawberry.input
class EndTransferNamingInput:
    """A person who is named no longer."""

    idempotency_key: str
    transfer_naming_id: strawberry.ID = refers_to("TransferNaming")
    expected_version: int


@command(
    EndTransferNamingInput,
    gives="transfer_naming",
    description="The person is named no longer.",
)
def end_transfer_naming(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The person is named no longer."""
    return functions.end(session, actor, function_id=values.pop("transfer_naming_id"), **values)


@strawberry.input
class PrepareTransferRequestInput:
    """What a household needs in another kommun."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    network: str = text(42, description=_NETWORK)
    urgency: str = text(20, description="acute, high or normal")
    min_rooms: int
    max_extra_rooms: int
    step_free: bool
    services: list[str] | None = None
    excluded: list[str] | None = strawberry.field(
        default=None, description="Codes of kommuner where the threat has ties."
    )


@command(
    PrepareTransferRequestInput,
    gives="transfer_request",
    description="Say in a case what the household needs; the function opens it.",
)
def prepare_transfer_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say what the household needs."""
    case_id = values["case_id"]
    requests.require_case(session, actor, case_id)
    return requests.prepare(
        session,
        actor,
        case_id=case_id,
        network_id=network_of(session, values["network"]),
        urgency=values["urgency"],
        needs=Needs(
            values["min_rooms"],
            values["max_extra_rooms"],
            values["step_free"],
            tuple(values.get("services", ())),
            tuple(values.get("excluded", ())),
        ),
    )


@strawberry.input
class OpenTransferRequestInput:
    """A request that is to take part."""

    idempotency_key: str
    transfer_request_id: strawberry.ID = refers_to("TransferRequest")
    expected_version: int


@command(
    OpenTransferRequestInput,
    gives="transfer_request",
    description="Let a request that somebody else prepared take part in the network.",
)
def open_transfer_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let it take part."""
    request_id = values.pop("transfer_request_id")
    return requests.open_request(session, actor, request_id=request_id, **values)


@strawberry.input
class WithdrawTransferRequestInput:
    """A request that is taken back."""

    idempotency_key: str
    transfer_request_id: strawberry.ID = refers_to("TransferRequest")
    because: str = text(
        30,
        description="household_declines, solved_otherwise, threat_changed or own_error;"
        " nobody outside the kommun is told it",
    )
    expected_version: int


@command(
    WithdrawTransferRequestInput,
    gives="transfer_request",
    description="Take a request back; the other side learns nothing.",
)
def withdraw_transfer_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take it back."""
    request_id = values.pop("transfer_request_id")
    return requests.withdraw(session, actor, request_id=request_id, **values)


@strawberry.input
class OverrideTransferRequestInput:
    """A proposal that is asked for beside the plan."""

    idempotency_key: str
    transfer_request_id: strawberry.ID = refers_to("TransferRequest")
    kommun: str = text(4, description="Kommunkod of the member that is asked.")
    reason: str = text(2000, description="Kept for those who review.")
    expected_version: int


@command(
    OverrideTransferRequestInput,
    gives="transfer_request",
    description="Ask for a proposal in a certain member kommun, beside the clearing's plan.",
)
def override_transfer_request(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Ask for a proposal in a certain kommun."""
    request_id = values.pop("transfer_request_id")
    return requests.override(session, actor, request_id=request_id, **values)


@strawberry.input
class OfferToNetworkInput:
    """A vacant flat for the network."""

    idempotency_key: str
    network: str = text(42, description=_NETWORK)
    unit_id: strawberry.ID = refers_to("Unit")
    first_on: dt.date | None = None
    last_on: dt.date


@command(
    OfferToNetworkInput,
    gives="transfer_offer",
    description="Offer a vacant flat to the network; its address never leaves the kommun.",
)
def offer_to_network(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Offer a flat."""
    return offers.offer(session, actor, **_in_network(session, values))


@strawberry.input
class WithdrawTransferOfferInput:
    """A flat that is offered no longer."""

    idempotency_key: str
    transfer_offer_id: strawberry.ID = refers_to("TransferOffer")
    because: str = text(20, description="own_need, unfit or not_vacant")
    expected_version: int


@command(
    WithdrawTransferOfferInput,
    gives="transfer_offer",
    description="Offer a flat no longer.",
)
def withdraw_transfer_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Offer it no longer."""
    return offers.withdraw(session, actor, offer_id=values.pop("transfer_offer_id"), **values)


@strawberry.input
class AcceptTransferInput:
    """A yes to a proposed move."""

    idempotency_key: str
    transfer_proposal_id: strawberry.ID = refers_to("TransferProposal")
    expected_version: int


@command(
    AcceptTransferInput,
    gives="transfer_proposal",
    description="Say yes; it is agreed when the other side has said so, too.",
)
def accept_transfer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say yes."""
    proposal_id = values.pop("transfer_proposal_id")
    return proposals.accept(session, actor, proposal_id=proposal_id, **values)


@strawberry.input
class RefuseTransferInput:
    """A no to a proposed move."""

    idempotency_key: str
    transfer_proposal_id: strawberry.ID = refers_to("TransferProposal")
    because: str = text(30, description="A code, for the own record.")
    expected_version: int


@command(
    RefuseTransferInput,
    gives="transfer_proposal",
    description="Say no; the same pair is not proposed again.",
)
def refuse_transfer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say no."""
    proposal_id = values.pop("transfer_proposal_id")
    return proposals.refuse(session, actor, proposal_id=proposal_id, **values)


def _in_network(session: TenantSession, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the network's id in the place of its code."""
    network = values.pop("network")
    return {"network_id": network_of(session, network), **values}
