"""Rent guarantees and sureties: terms, amounts, what was claimed, and how it ended."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.clock import today
from hemvist.guarantees import grants
from hemvist.guarantees.ending import earliest_end
from hemvist.guarantees.ledger_models import GuaranteeEntry as EntryRow
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.guarantees.models import GuaranteeClaim as ClaimRow
from hemvist.guarantees.models import GuaranteeRecourse as RecourseRow
from hemvist.guarantees.models import GuaranteeWriteOff as WriteOffRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.guarantees.grant_types import GrantApplication, application_shown
from hemvist_graphql.guarantees.words import ACCOUNTS, COVER, END_REASONS, KINDS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.pinned import CASE_PACK, case_pack, label_in, pack_of_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    CaseRef,
    ContractRef,
    GuaranteeClaimRef,
    GuaranteeEntryRef,
    GuaranteeRecourseRef,
    GuaranteeWriteOffRef,
    LandlordRef,
    PrincipalRef,
)
from hemvist_graphql.scalars import Json


@strawberry.type(description="What stands on one account of a guarantee's ledger.")
class GuaranteeAccount:
    """What stands on one account."""

    account: str = strawberry.field(description="liability, landlord, household, loss or bank")
    balance_ore: int = strawberry.field(description="Together the accounts are nothing.")

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The account in words."""
        return worded(ACCOUNTS[self.account], lang)


@reads(
    GuaranteeRow,
    visible=of_visible_case(GuaranteeRow),
    case=GuaranteeRow.case_id,
    also=(GuaranteeRow.legal_findings,),
    ingredients=case_pack(GuaranteeRow),
)
@strawberry.type(
    description="A rent guarantee (hyresgaranti) or surety (borgen) on a first-hand lease."
)
class Guarantee(Node):
    """A rent guarantee or surety on a first-hand lease."""

    kind: str = column(GuaranteeRow.kind, description="guarantee or surety")
    state: str = column(GuaranteeRow.state, description="active or ended")
    months: int = column(GuaranteeRow.months)
    starts_on: dt.date = column(GuaranteeRow.starts_on)
    ends_on: dt.date = column(GuaranteeRow.ends_on)
    covers: list[str] = column(GuaranteeRow.covers)
    rent_ore: int = column(GuaranteeRow.rent_ore, description="Monthly rent when it was given.")
    cap_rent_months: int | None = column(
        GuaranteeRow.cap_rent_months, description="Null where the cap was agreed as an amount."
    )
    cap_ore: int = column(GuaranteeRow.cap_ore, description="The most that the kommun answers for.")
    approved_ore: int = column(GuaranteeRow.approved_ore, description="Of claims.")
    paid_ore: int = column(GuaranteeRow.paid_ore, description="To the landlord.")
    demanded_ore: int = column(GuaranteeRow.demanded_ore, description="Of the household.")
    recovered_ore: int = column(GuaranteeRow.recovered_ore, description="From the household.")
    written_off_ore: int = column(GuaranteeRow.written_off_ore)
    left_of_cap_ore: int = expressed(
        "left_of_cap", lambda _: GuaranteeRow.cap_ore - GuaranteeRow.approved_ore
    )
    to_demand_ore: int = expressed(
        "to_demand",
        lambda _: GuaranteeRow.paid_ore - GuaranteeRow.demanded_ore,
        description="Paid and not yet asked of the household.",
    )
    review_on: dt.date | None = column(GuaranteeRow.review_on)
    reviews: Json = opened(
        GuaranteeRow.reviews, description="Each reassessment: on, months, ends_on, motivation, by."
    )
    notice_given_on: dt.date | None = column(GuaranteeRow.notice_given_on)
    notice_ends_on: dt.date | None = column(GuaranteeRow.notice_ends_on)
    notice_because: str = opened(GuaranteeRow.notice_because)
    ended_on: dt.date | None = column(GuaranteeRow.ended_on)
    end_reason: str | None = column(
        GuaranteeRow.end_reason, description="dialogue, expired, notice or contract_ended"
    )
    dialogue_on: dt.date | None = column(GuaranteeRow.dialogue_on)
    ended_because: str = opened(GuaranteeRow.ended_because)
    ended_by: PrincipalRef | None = to_one("Principal", GuaranteeRow.ended_by)
    issued_on: dt.date = column(GuaranteeRow.issued_on)
    issued_by: PrincipalRef | None = to_one("Principal", GuaranteeRow.issued_by)
    grant_applied_on: dt.date | None = column(GuaranteeRow.grant_applied_on)
    case: CaseRef = to_one("Case", GuaranteeRow.case_id)
    contract: ContractRef = to_one("Contract", GuaranteeRow.contract_id)
    landlord: LandlordRef = to_one("Landlord", GuaranteeRow.landlord_id)
    version: int = column(GuaranteeRow.version)
    claims: list[GuaranteeClaimRef] = to_many(
        "GuaranteeClaim", ClaimRow.guarantee_id, order=(ClaimRow.received_on, ClaimRow.id)
    )
    recourses: list[GuaranteeRecourseRef] = to_many(
        "GuaranteeRecourse",
        RecourseRow.guarantee_id,
        order=(RecourseRow.demanded_on, RecourseRow.id),
    )
    write_offs: list[GuaranteeWriteOffRef] = to_many(
        "GuaranteeWriteOff",
        WriteOffRow.guarantee_id,
        order=(WriteOffRow.proposed_on, WriteOffRow.id),
    )
    ledger: list[GuaranteeEntryRef] = to_many(
        "GuaranteeEntry",
        EntryRow.guarantee_id,
        order=(EntryRow.recorded_at, EntryRow.id),
        description="Every entry, as it was made.",
    )

    @computed(
        needs=("legal_findings",),
        description="What the law said of it, among other things of the state grant.",
    )
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the guarantee."""
        return findings_shown(self.row["legal_findings"])

    @computed(needs=("kind",), description="In Swedish (sv) or English (en).")
    def kind_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Rent guarantee or surety."""
        return worded(KINDS.get(self.row["kind"]), lang, self.row["kind"])

    @computed(needs=("end_reason",), description="In Swedish (sv) or English (en).")
    def end_reason_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """Why it ended."""
        reason = self.row["end_reason"]
        return None if reason is None else worded(END_REASONS.get(reason), lang, reason)

    @computed(
        needs=(CASE_PACK, "covers"), reads=False, description="In Swedish (sv) or English (en)."
    )
    def covers_labels(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """What the guarantee covers, in words."""
        programmes = pack_of_case(info.context, self).programmes.values()
        items = [item for one in programmes if one.guarantee for item in one.guarantee.scope]
        return [
            worded(label_in(items, code), lang, worded(COVER.get(code), lang, code))
            for code in self.row["covers"]
        ]

    @computed(
        needs=("starts_on",),
        description="When the kommun is free at the earliest if it gives notice today (JB 12:28 a).",
    )
    def earliest_end_by_notice(self) -> dt.date:
        """The first lawful day."""
        started = self.row["starts_on"]
        return earliest_end(started, today())

    @computed(
        needs=("approved_ore", "paid_ore", "demanded_ore", "recovered_ore", "written_off_ore"),
        description="What stands on each account.",
    )
    def accounts(self) -> list[GuaranteeAccount]:
        """The balances of its ledger, which the database holds equal to these amounts."""
        row = self.row
        found = {
            "liability": row["approved_ore"] - row["demanded_ore"],
            "landlord": row["paid_ore"] - row["approved_ore"],
            "household": row["demanded_ore"] - row["recovered_ore"] - row["written_off_ore"],
            "loss": row["written_off_ore"],
            "bank": row["recovered_ore"] - row["paid_ore"],
        }
        return [GuaranteeAccount(account=one, balance_ore=left) for one, left in found.items()]

    @computed(
        30,
        needs=("id",),
        description="The state grant (SFS 2007:623): whether it can be had and what to apply with.",
    )
    def grant_application(self, info: Info) -> GrantApplication:
        """The application as things stand today."""
        session = info.context.session
        guarantee = session.find(GuaranteeRow, self.row["id"])
        return application_shown(grants.application(session, guarantee, today()))
