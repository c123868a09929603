"""Commands on papers between kommun and landlords."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.documents.uploads import MAX_BYTES
from hemvist.identity import Actor
from hemvist.papers import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import decoded
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text

MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@strawberry.input
class SendLandlordPaperInput:
    """A paper for a landlord, about one of its homes or about none."""

    idempotency_key: str
    landlord_id: strawberry.ID = refers_to("Landlord")
    unit_id: strawberry.ID | None = refers_to("Unit", default=None)
    kind: str = text(20, description="agreement, plan, protocol, invoice, rents, terms or other")
    title: str = text(service.MAX_TITLE)
    name: str = text(300, description="The file's name.")
    content_base64: str = text(
        MAX_BASE64, description="PDF, JPEG or PNG; for rents a CSV or Excel file."
    )


@command(
    SendLandlordPaperInput,
    gives="landlord_paper",
    description="Send a landlord a paper that it reads in its own login.",
)
def send_landlord_paper(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a landlord a paper."""
    service.require_to_landlord(session, actor, values["landlord_id"])
    content = decoded(values.pop("content_base64"))
    return service.send_to_landlord(session, actor, content=content, **values)


@strawberry.input
class TakeLandlordPaperBackInput:
    """A paper that the kommun sent."""

    idempotency_key: str
    landlord_paper_id: strawberry.ID = refers_to("LandlordPaper")
    expected_version: int


@command(
    TakeLandlordPaperBackInput,
    gives="landlord_paper",
    description="Take back a paper that the kommun sent; its file is gone.",
)
def take_landlord_paper_back(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take back a paper that the kommun sent."""
    return service.take_back(session, actor, paper_id=values.pop("landlord_paper_id"), **values)


@strawberry.input
class ReadRentsFromPaperInput:
    """A list of rents that a landlord sent, to be read in among a department's own files."""

    idempotency_key: str
    landlord_paper_id: strawberry.ID = refers_to("LandlordPaper")
    department: str = text(60)
    position_on: dt.date | None = strawberry.field(
        default=None, description="The day as of which it shows what is owed; today unless given."
    )
    expected_version: int


@command(
    ReadRentsFromPaperInput,
    gives="landlord_paper",
    description="Read a landlord's list of rents into a preview, as a file that the office got.",
)
def read_rents_from_paper(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Read a landlord's list of rents into a preview."""
    return service.read_rents(session, actor, paper_id=values.pop("landlord_paper_id"), **values)
