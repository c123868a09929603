"""Keys and inspections of a home."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.homes.models import Inspection as InspectionRow
from hemvist.homes.models import InspectionFile as FileRow
from hemvist.homes.models import KeyMovement as KeyRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.reading import (
    Readable,
    column,
    computed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import InspectionFileRef, PrincipalRef


@strawberry.type(description="A line of an inspection's protocol.")
class InspectionItem:
    """A line of an inspection's protocol."""

    room: str
    part: str
    condition: str = strawberry.field(description="good, worn, damaged or missing")
    note: str
    cost_bearer: str = strawberry.field(description="none, tenant or landlord")
    cost_ore: int


@reads(
    FileRow,
    visible=of_visible_case(FileRow),
    case=FileRow.case_id,
)
@strawberry.type(description="A photograph or a signed protocol; its bytes are fetched apart.")
class InspectionFile(Readable):
    """A photograph or a signed protocol."""

    id: strawberry.ID = identity()
    name: str = opened(FileRow.name)
    media_type: str = column(FileRow.media_type)
    size_bytes: int = column(FileRow.size_bytes)
    sha256: str = column(FileRow.sha256)
    caption: str = opened(FileRow.caption)
    added_at: dt.datetime = column(FileRow.added_at)


@reads(
    InspectionRow,
    visible=of_visible_case(InspectionRow),
    case=InspectionRow.case_id,
    also=(InspectionRow.items_sealed,),
)
@strawberry.type(description="A protocol of the home's condition (besiktningsprotokoll).")
class Inspection(Readable):
    """A protocol of the home's condition."""

    id: strawberry.ID = identity()
    kind: str = column(InspectionRow.kind, description="move_in, status or move_out")
    held_on: dt.date = column(InspectionRow.held_on)
    present: list[str] = column(InspectionRow.present, description="Parties that were there.")
    signed_by_tenant: bool = column(InspectionRow.signed_by_tenant)
    notes: str = opened(InspectionRow.notes)
    recorded_by: PrincipalRef | None = to_one("Principal", InspectionRow.recorded_by)
    files: list[InspectionFileRef] = to_many(
        "InspectionFile", FileRow.inspection_id, order=(FileRow.added_at, FileRow.id)
    )

    @computed(needs=("items_sealed",), reads=False, description="The lines of the protocol.")
    def items(self, info: Info) -> list[InspectionItem]:
        """The lines of the protocol."""
        rows = unsealed(info, InspectionRow.items, self.row["items_sealed"]) or ()
        return [InspectionItem(**one) for one in rows]


@reads(KeyRow, visible=of_visible_case(KeyRow), case=KeyRow.case_id)
@strawberry.type(description="Keys or tags that went out or came back.")
class KeyMovement(Readable):
    """Keys or tags that went out or came back."""

    move: str = column(KeyRow.move, description="handed_out, returned or lost")
    key_kind: str = column(
        KeyRow.key_kind, description="flat, entrance, storage, laundry, post or spare"
    )
    holder: str = column(KeyRow.holder, description="tenant, support or property")
    quantity: int = column(KeyRow.quantity)
    moved_on: dt.date = column(KeyRow.moved_on)
    terms: str = opened(KeyRow.terms, description="When it may be used, as agreed in advance.")
    terms_agreed_on: dt.date | None = column(KeyRow.terms_agreed_on)
    receipt_signed: bool = column(KeyRow.receipt_signed)
