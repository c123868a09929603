"""Requests between kommuner, for their circle."""

from __future__ import annotations

import base64
import datetime as dt
from uuid import UUID

import strawberry

from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.kommun_requests.access import in_circle, steps_in_circle
from hemvist.kommun_requests.models import KommunRequest as RequestRow
from hemvist.kommun_requests.models import KommunRequestStep as StepRow
from hemvist.outside import service as outside
from hemvist.tenancy import SealedOptionalText, SealedText
from hemvist_graphql.context import Context, Info
from hemvist_graphql.reading import Node, column, computed, reads, to_many, to_one
from hemvist_graphql.refs import CaseRef, KommunRequestStepRef, PrincipalRef
from hemvist_graphql.states import KommunRequestState


@reads(
    RequestRow,
    visible=in_circle,
    case=RequestRow.case_id,
    also=(
        *(RequestRow.counterpart_sealed, RequestRow.function_address_sealed),
        *(RequestRow.reasons_sealed, RequestRow.answer_reasons_sealed),
        RequestRow.ivo_number_sealed,
    ),
)
@strawberry.type(
    description="A request between two kommuner (ansökan i annan kommun, överflyttning av"
    " ärende). Seen by whoever handles it and the managers of the department."
)
class KommunRequest(Node):
    """A request between two kommuner."""

    kind: str = column(RequestRow.kind, description="application or takeover")
    direction: str = column(RequestRow.direction, description="outgoing or incoming")
    state: KommunRequestState = column(RequestRow.state)
    case: CaseRef = to_one("Case", RequestRow.case_id)
    handler: PrincipalRef = to_one("Principal", RequestRow.handler_id)
    opened_on: dt.date = column(RequestRow.opened_on)
    wish: str = column(
        RequestRow.wish, description="What the person says: wants, accepts, objects or not_asked."
    )
    sent_on: dt.date | None = column(RequestRow.sent_on)
    arrived_on: dt.date | None = column(
        RequestRow.arrived_on, description="The day it came in to the one who answers it."
    )
    answer_by: dt.date | None = column(
        RequestRow.answer_by, description="Last day for an answer; of a takeover only."
    )
    answered_on: dt.date | None = column(RequestRow.answered_on)
    ivo_applied_on: dt.date | None = column(RequestRow.ivo_applied_on)
    ivo_outcome: str = column(RequestRow.ivo_outcome, description="moved, kept or dismissed")
    ivo_decided_on: dt.date | None = column(RequestRow.ivo_decided_on)
    carried_over_on: dt.date | None = column(RequestRow.carried_over_on)
    version: int = column(RequestRow.version)
    steps: list[KommunRequestStepRef] = to_many(
        "KommunRequestStep",
        StepRow.request_id,
        order=(StepRow.recorded_at, StepRow.id),
        description="Oldest first.",
    )

    @computed(
        needs=("counterpart_sealed",), reads=False, description="Kommunkod of the other kommun."
    )
    def counterpart(self, info: Info) -> str:
        """Kommunkod of the other kommun."""
        return _opened(RequestRow.counterpart, info, self.row["counterpart_sealed"]) or ""

    @computed(
        needs=("function_address_sealed",),
        reads=False,
        description="The function there that is written to.",
    )
    def function_address(self, info: Info) -> str:
        """The function there that is written to."""
        return _opened(RequestRow.function_address, info, self.row["function_address_sealed"]) or ""

    @computed(needs=("reasons_sealed",), reads=False, description="Why it was asked.")
    def reasons(self, info: Info) -> str:
        """Why it was asked."""
        return _opened(RequestRow.reasons, info, self.row["reasons_sealed"]) or ""

    @computed(needs=("answer_reasons_sealed",), reads=False, description="Why it was answered so.")
    def answer_reasons(self, info: Info) -> str | None:
        """Why it was answered so."""
        return _opened(RequestRow.answer_reasons, info, self.row["answer_reasons_sealed"])

    @computed(needs=("ivo_number_sealed",), reads=False, description="The Inspectorate's number.")
    def ivo_number(self, info: Info) -> str | None:
        """The Inspectorate's number."""
        return _opened(RequestRow.ivo_number, info, self.row["ivo_number_sealed"])

    @computed(
        needs=("state", "answer_by"), description="Whether the month has passed without an answer."
    )
    def late(self) -> bool:
        """Whether the month has passed."""
        last = self.row["answer_by"]
        return self.row["state"] == "waiting" and last is not None and today() > last


@reads(
    StepRow,
    visible=steps_in_circle,
    case=StepRow.case_id,
    also=(StepRow.notes_sealed, StepRow.recipient_sealed),
)
@strawberry.type(description="What was done in a request between kommuner.")
class KommunRequestStep(Node):
    """What was done in a request."""

    kind: str = column(StepRow.kind)
    done_on: dt.date = column(StepRow.done_on)
    recorded_at: dt.datetime = column(StepRow.recorded_at)
    recorded_by: PrincipalRef | None = to_one("Principal", StepRow.recorded_by)
    ground: str = column(
        StepRow.ground, description="On which ground data were told; empty where none were."
    )
    fields: list[str] = column(StepRow.fields, description="What kinds of data.")
    consent_on: dt.date | None = column(StepRow.consent_on)

    @computed(needs=("notes_sealed",), reads=False, description="What was noted.")
    def notes(self, info: Info) -> str | None:
        """What was noted."""
        return _opened(StepRow.notes, info, self.row["notes_sealed"])

    @computed(
        needs=("recipient_sealed",), reads=False, description="To which function data were told."
    )
    def recipient(self, info: Info) -> str | None:
        """To which function data were told."""
        return _opened(StepRow.recipient, info, self.row["recipient_sealed"])


@strawberry.type(
    description="A request as a file for a kommun outside the platform. Each time it is made is logged."
)
class KommunRequestPackage:
    """A request as a file."""

    name: str
    function_address: str = strawberry.field(
        description="The function that a person sends it to by SDK."
    )
    content: str = strawberry.field(description="A zip, in Base64.")


def package_shown(context: Context, request_id: UUID | None) -> KommunRequestPackage | None:
    """The package; the service logs it. None when there is none for the caller."""
    if request_id is None:
        return None
    try:
        made = outside.export(context.session, context.actor, request_id=request_id)
    except HemvistError:
        return None
    return KommunRequestPackage(
        name=made.name,
        function_address=made.function_address,
        content=base64.b64encode(made.content).decode("ascii"),
    )


def _opened(sealed: SealedText | SealedOptionalText, info: Info, value: bytes | None) -> str | None:
    if value is None:
        return None
    return info.context.keys.open(sealed.field, value)
