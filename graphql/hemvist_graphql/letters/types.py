"""Letters of a case, a draft as it would go out now, and the bytes."""

from __future__ import annotations

import base64
import datetime as dt
from uuid import UUID

import strawberry

from hemvist.errors import HemvistError, NotAllowed, NotFound, ValidationFailed
from hemvist.letters import service
from hemvist.letters.models import Letter as LetterRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Context
from hemvist_graphql.reading import Node, column, computed, opened, reads, to_one
from hemvist_graphql.refs import CaseRef, PrincipalRef
from hemvist_graphql.scalars import Json
from hemvist_graphql.subjects import subject_id, subject_type

#: What lies behind the conclusion is for the department that has the case.
SHARED = LetterRow.kind.not_in(sorted(service.INSIDE))


@reads(
    LetterRow,
    visible=of_visible_case(LetterRow, SHARED),
    case=LetterRow.case_id,
    also=(LetterRow.subject_type, LetterRow.subject_id),
)
@strawberry.type(description="A letter about a record of a case (brev); kept once it is released.")
class Letter(Node):
    """A letter about a record of a case."""

    kind: str = column(
        LetterRow.kind,
        description="decision, referral, offer, contract, waiver, guarantee, demand, notice or "
        "explanation",
    )
    state: str = column(LetterRow.state, description="draft, released or discarded")
    own_words: str = opened(LetterRow.own_words, description="What its writer added.")
    case: CaseRef = to_one("Case", LetterRow.case_id)
    drafted_by: PrincipalRef | None = to_one("Principal", LetterRow.drafted_by)
    drafted_on: dt.date = column(LetterRow.drafted_on)
    released_by: PrincipalRef | None = to_one("Principal", LetterRow.released_by)
    released_on: dt.date | None = column(LetterRow.released_on)
    sha256: str | None = opened(LetterRow.sha256, description="Of the released bytes.")
    pack_version: str | None = column(
        LetterRow.pack_version, description="The guideline's version that it was written by."
    )
    template_version: str | None = column(LetterRow.template_version)
    version: int = column(LetterRow.version)

    @computed(needs=("subject_type",), description="The schema's type of what it is about.")
    def subject_type(self) -> str:
        """The type of what it is about."""
        return subject_type(self.row["subject_type"])

    @computed(needs=("subject_type", "subject_id"), description="The id of what it is about.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it is about."""
        return subject_id(self.row["subject_type"], self.row["subject_id"])


@strawberry.type(description="Something protected stands in a field; what, is not said.")
class LetterTrace:
    """Something protected stands in a field."""

    field: str
    kind: str = strawberry.field(description="name, address or number")


@strawberry.type(description="A draft as it would go out now.")
class LetterPreview:
    """A draft as it would go out now."""

    sheet: Json = strawberry.field(
        description="title, recipient, reference, day, department, blocks, basis."
    )
    protected: bool = strawberry.field(
        description="Somebody is, or may be, protected: no name and no address is printed."
    )
    traces: list[LetterTrace] = strawberry.field(
        description="What stands in the way of its release."
    )


@strawberry.type(description="The bytes of a letter. Each reading is logged.")
class LetterFile:
    """The bytes of a letter."""

    name: str
    media_type: str
    sha256: str
    content: str = strawberry.field(description="Base64.")


def preview_shown(context: Context, letter_id: UUID | None) -> LetterPreview | None:
    """The draft, logged as a reading of everybody in it; None when there is none for the caller."""
    if letter_id is None:
        return None
    try:
        row, prepared = service.shown(context.session, context.actor, letter_id=letter_id)
    except HemvistError:
        return None
    try:
        traces = prepared.traces()
    except ValidationFailed:
        # It cannot be set yet; its release says why.
        traces = []
    context.lays_open(case=row.case_id)
    for person in prepared.home.persons:
        context.lays_open(person=person)
    return LetterPreview(
        sheet=Json(prepared.sheet.as_json()),
        protected=prepared.home.protected,
        traces=[LetterTrace(field=one.field, kind=one.kind) for one in traces],
    )


def file_shown(context: Context, letter_id: UUID | None) -> LetterFile | None:
    """The bytes; the service logs that they were read. None when there are none for the caller."""
    if letter_id is None:
        return None
    try:
        file = service.file_of(context.session, context.actor, letter_id=letter_id)
    except (NotFound, NotAllowed, ValidationFailed):
        return None
    return LetterFile(
        name=file.name,
        media_type=file.media_type,
        sha256=file.sha256,
        content=base64.b64encode(file.content).decode("ascii"),
    )
