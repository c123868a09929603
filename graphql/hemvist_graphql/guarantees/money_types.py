"""Claims on guarantees, recourse, write-offs, and the entries of the ledger."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import case, exists, select
from sqlalchemy.orm import aliased

from hemvist.guarantees.file_models import ClaimFile as FileRow
from hemvist.guarantees.ledger_models import KINDS as ENTRY_KINDS
from hemvist.guarantees.ledger_models import GuaranteeEntry as EntryRow
from hemvist.guarantees.models import GuaranteeClaim as ClaimRow
from hemvist.guarantees.models import GuaranteeRecourse as RecourseRow
from hemvist.guarantees.models import GuaranteeWriteOff as WriteOffRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.guarantees.words import (
    ACCOUNTS,
    CLAIM_STATES,
    COVER,
    ENTRIES,
    RECOURSE_STATES,
    WRITE_OFF_STATES,
)
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    expressed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    CaseRef,
    ClaimFileRef,
    GuaranteeEntryRef,
    GuaranteeRecourseRef,
    GuaranteeRef,
    GuaranteeWriteOffRef,
    PrincipalRef,
)

#: An entry that takes another one back.
_REVERSAL = aliased(EntryRow)


@strawberry.type(description="A document that a landlord sent with a claim.")
class ClaimDocument:
    """A document that a landlord sent with a claim."""

    kind: str
    title: str
    dated_on: dt.date | None
    reference: str = strawberry.field(description="Where it is kept, such as a registry number.")


@strawberry.type(description="What is to be paid by a day.")
class Instalment:
    """What is to be paid by a day."""

    due_on: dt.date
    amount_ore: int


@reads(FileRow, visible=of_visible_case(FileRow), case=FileRow.case_id)
@strawberry.type(description="A landlord's document as a file; its bytes are fetched apart.")
class ClaimFile(Readable):
    """A landlord's document as a file."""

    id: strawberry.ID = identity()
    name: str = opened(FileRow.name)
    media_type: str = column(FileRow.media_type)
    size_bytes: int = column(FileRow.size_bytes)
    sha256: str = column(FileRow.sha256)
    caption: str = opened(FileRow.caption)
    added_at: dt.datetime = column(FileRow.added_at)
    added_by: PrincipalRef | None = to_one("Principal", FileRow.added_by)


@reads(
    ClaimRow,
    visible=of_visible_case(ClaimRow),
    case=ClaimRow.case_id,
    also=(ClaimRow.documents_sealed,),
)
@strawberry.type(description="A landlord's claim (krav) on a guarantee.")
class GuaranteeClaim(Node):
    """A landlord's claim on a guarantee."""

    kind: str = column(ClaimRow.kind, description="rent or condition")
    state: str = column(ClaimRow.state, description="received, approved, refused or paid")
    amount_ore: int = column(ClaimRow.amount_ore)
    approved_ore: int = column(ClaimRow.approved_ore)
    paid_ore: int = column(ClaimRow.paid_ore)
    left_to_pay_ore: int = expressed(
        "left_to_pay", lambda _: ClaimRow.approved_ore - ClaimRow.paid_ore
    )
    period_from: dt.date = column(ClaimRow.period_from)
    period_to: dt.date = column(ClaimRow.period_to)
    received_on: dt.date = column(ClaimRow.received_on)
    notes: str = opened(ClaimRow.notes)
    registered_by: PrincipalRef | None = to_one("Principal", ClaimRow.registered_by)
    decided_on: dt.date | None = column(ClaimRow.decided_on)
    decided_by: PrincipalRef | None = to_one("Principal", ClaimRow.decided_by)
    motivation: str = opened(ClaimRow.motivation)
    guarantee: GuaranteeRef = to_one("Guarantee", ClaimRow.guarantee_id)
    case: CaseRef = to_one("Case", ClaimRow.case_id)
    version: int = column(ClaimRow.version)

    files: list[ClaimFileRef] = to_many(
        "ClaimFile", FileRow.claim_id, order=(FileRow.added_at, FileRow.id)
    )

    @computed(
        needs=("documents_sealed",),
        reads=False,
        description="What came along, as it was described.",
    )
    def documents(self, info: Info) -> list[ClaimDocument]:
        """The landlord's documents."""
        return [
            ClaimDocument(
                kind=one["kind"],
                title=one["title"],
                dated_on=None
                if one["dated_on"] is None
                else dt.date.fromisoformat(one["dated_on"]),
                reference=one["reference"],
            )
            for one in unsealed(info, ClaimRow.documents, self.row["documents_sealed"]) or ()
        ]

    @computed(needs=("kind",), description="In Swedish (sv) or English (en).")
    def kind_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is for."""
        return worded(COVER.get(self.row["kind"]), lang, self.row["kind"])

    @computed(needs=("state",), description="In Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Where it stands."""
        return worded(CLAIM_STATES.get(self.row["state"]), lang, self.row["state"])


@reads(
    RecourseRow,
    visible=of_visible_case(RecourseRow),
    case=RecourseRow.case_id,
    also=(RecourseRow.instalments,),
)
@strawberry.type(description="What the household is asked to pay back (regress).")
class GuaranteeRecourse(Node):
    """What the household is asked to pay back."""

    state: str = column(RecourseRow.state, description="open, settled or reversed")
    amount_ore: int = column(RecourseRow.amount_ore)
    paid_ore: int = column(RecourseRow.paid_ore)
    written_off_ore: int = column(RecourseRow.written_off_ore)
    left_ore: int = expressed(
        "left_ore",
        lambda _: case(
            (RecourseRow.state == "reversed", 0),
            else_=RecourseRow.amount_ore - RecourseRow.paid_ore - RecourseRow.written_off_ore,
        ),
        description="What is still owed.",
    )
    demanded_on: dt.date = column(RecourseRow.demanded_on)
    notes: str = opened(RecourseRow.notes)
    demanded_by: PrincipalRef | None = to_one("Principal", RecourseRow.demanded_by)
    guarantee: GuaranteeRef = to_one("Guarantee", RecourseRow.guarantee_id)
    case: CaseRef = to_one("Case", RecourseRow.case_id)
    version: int = column(RecourseRow.version)
    write_offs: list[GuaranteeWriteOffRef] = to_many(
        "GuaranteeWriteOff",
        WriteOffRow.recourse_id,
        order=(WriteOffRow.proposed_on, WriteOffRow.id),
    )

    @computed(needs=("instalments",), description="What is to be paid by when.")
    def instalments(self) -> list[Instalment]:
        """The plan of payment."""
        return [
            Instalment(due_on=dt.date.fromisoformat(one["due_on"]), amount_ore=one["amount_ore"])
            for one in self.row["instalments"]
        ]

    @computed(needs=("state",), description="In Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Where it stands."""
        return worded(RECOURSE_STATES.get(self.row["state"]), lang, self.row["state"])


@reads(WriteOffRow, visible=of_visible_case(WriteOffRow), case=WriteOffRow.case_id)
@strawberry.type(description="A part of a recourse to give up (avskrivning).")
class GuaranteeWriteOff(Node):
    """A part of a recourse to give up."""

    state: str = column(WriteOffRow.state, description="proposed, granted, refused or reversed")
    amount_ore: int = column(WriteOffRow.amount_ore)
    reason: str = opened(WriteOffRow.reason)
    proposed_on: dt.date = column(WriteOffRow.proposed_on)
    proposed_by: PrincipalRef | None = to_one("Principal", WriteOffRow.proposed_by)
    decided_on: dt.date | None = column(WriteOffRow.decided_on)
    decided_by: PrincipalRef | None = to_one("Principal", WriteOffRow.decided_by)
    motivation: str = opened(WriteOffRow.motivation)
    recourse: GuaranteeRecourseRef = to_one("GuaranteeRecourse", WriteOffRow.recourse_id)
    guarantee: GuaranteeRef = to_one("Guarantee", WriteOffRow.guarantee_id)
    case: CaseRef = to_one("Case", WriteOffRow.case_id)
    version: int = column(WriteOffRow.version)

    @computed(needs=("state",), description="In Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Where it stands."""
        return worded(WRITE_OFF_STATES.get(self.row["state"]), lang, self.row["state"])


@reads(EntryRow, visible=of_visible_case(EntryRow), case=EntryRow.case_id)
@strawberry.type(description="One happening with money: an amount from one account to another.")
class GuaranteeEntry(Node):
    """One happening with money."""

    kind: str = column(
        EntryRow.kind, description="approval, payment, demand, recovery or write_off"
    )
    amount_ore: int = column(EntryRow.amount_ore, description="Negative for a reversal.")
    booked_on: dt.date = column(EntryRow.booked_on, description="The day it happened.")
    recorded_at: dt.datetime = column(EntryRow.recorded_at)
    recorded_by: PrincipalRef | None = to_one("Principal", EntryRow.recorded_by)
    reference: str = column(EntryRow.reference, description="The payment's own number.")
    reason: str = opened(EntryRow.reason, description="Why, of a reversal.")
    reverses: GuaranteeEntryRef | None = to_one(
        "GuaranteeEntry", EntryRow.reverses_id, description="The entry that it takes back."
    )
    reversed: bool = expressed(
        "is_reversed",
        lambda _: exists(
            select(_REVERSAL.id).where(
                _REVERSAL.tenant_id == EntryRow.tenant_id, _REVERSAL.reverses_id == EntryRow.id
            )
        ).correlate(EntryRow),
        description="It has been taken back by another.",
    )
    guarantee: GuaranteeRef = to_one("Guarantee", EntryRow.guarantee_id)

    @computed(needs=("kind",), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What happened."""
        return worded(ENTRIES.get(self.row["kind"]), lang, self.row["kind"])

    @computed(needs=("kind",), description="The account it is put to (debit).")
    def debit(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The account that it is put to."""
        return worded(ACCOUNTS[ENTRY_KINDS[self.row["kind"]][0]], lang)

    @computed(needs=("kind",), description="The account it is taken from (credit).")
    def credit(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The account that it is taken from."""
        return worded(ACCOUNTS[ENTRY_KINDS[self.row["kind"]][1]], lang)
