"""Contracts: the tenancy itself."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import strawberry

from hemvist.clock import today
from hemvist.contracts.chain import ContractParty as PartyRow
from hemvist.contracts.changes import RentChange as RentRow
from hemvist.contracts.changes import TenureWaiver as WaiverRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.contracts.models import ContractNotice as NoticeRow
from hemvist.contracts.periods import notice_end
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.homes.models import Inspection as InspectionRow
from hemvist.homes.models import KeyMovement as KeyRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.choosing import first_of
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import Clause, LegalFinding, clauses_shown, findings_shown
from hemvist_graphql.pinned import CASE_PACK, case_pack, pack_of_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    CaseRef,
    ContractNoticeRef,
    ContractPartyRef,
    ContractRef,
    GuaranteeRef,
    HeadLeaseRef,
    InspectionRef,
    KeyMovementRef,
    OfferRef,
    PrincipalRef,
    RentChangeRef,
    TenureWaiverRef,
    UnitRef,
)
from hemvist_graphql.scalars import Json


@strawberry.type(description="The days on which a notice would end a contract.")
class NoticeEnd:
    """The days on which a notice would end a contract."""

    lawful_on: dt.date | None = strawberry.field(description="By the law (JB 12:3-5).")
    stated_on: dt.date | None = strawberry.field(description="By guideline or contract.")
    ends_on: dt.date = strawberry.field(description="What holds.")
    shorter_than_law: bool = strawberry.field(description="LF-1.")


@reads(
    ContractRow,
    visible=of_visible_case(ContractRow),
    case=ContractRow.case_id,
    also=(ContractRow.clauses_sealed, ContractRow.legal_findings),
    ingredients=case_pack(ContractRow),
)
@strawberry.type(description="A signed tenancy of a unit (kontrakt).")
class Contract(Node):
    """A signed tenancy of a unit."""

    form: str = column(ContractRow.form, description="The pack's name for it.")
    kind: str = column(ContractRow.kind, description="sublease, first_hand or three_party")
    state: str = column(ContractRow.state, description="signed or ended")
    case: CaseRef = to_one("Case", ContractRow.case_id)
    unit: UnitRef = to_one("Unit", ContractRow.unit_id)
    offer: OfferRef = to_one("Offer", ContractRow.offer_id)
    signed_on: dt.date = column(ContractRow.signed_on)
    starts_on: dt.date = column(ContractRow.starts_on)
    ends_on: dt.date | None = column(ContractRow.ends_on)
    rent_ore: int = column(ContractRow.rent_ore, description="Monthly rent in öre.")
    terms: Json = opened(ContractRow.terms)
    told_of_link_on: dt.date | None = column(ContractRow.told_of_link_on)
    owner_notified_on: dt.date | None = column(ContractRow.owner_notified_on)
    waiver: Json = opened(
        ContractRow.waiver, description="Particulars of a waiver of tenure; empty when none."
    )
    went_on_because: str = opened(
        ContractRow.went_on_because, description="Why it was signed in spite of warnings."
    )
    registered_by: PrincipalRef | None = to_one("Principal", ContractRow.registered_by)
    notice_given_on: dt.date | None = column(ContractRow.notice_given_on)
    notice_ends_on: dt.date | None = column(
        ContractRow.notice_ends_on, description="The day on which it ends by the latest notice."
    )
    ended_on: dt.date | None = column(
        ContractRow.ended_on, description="The first day on which it no longer holds."
    )
    end_reason: str | None = column(ContractRow.end_reason)
    follows: ContractRef | None = to_one("Contract", ContractRow.follows_id)
    head_lease: HeadLeaseRef | None = to_one("HeadLease", ContractRow.head_lease_id)
    notices: list[ContractNoticeRef] = to_many(
        "ContractNotice", NoticeRow.contract_id, order=(NoticeRow.given_on, NoticeRow.id)
    )
    rent_changes: list[RentChangeRef] = to_many(
        "RentChange", RentRow.contract_id, order=(RentRow.valid_from, RentRow.id)
    )
    tenure_waivers: list[TenureWaiverRef] = to_many(
        "TenureWaiver", WaiverRow.contract_id, order=(WaiverRow.signed_on, WaiverRow.id)
    )
    parties: list[ContractPartyRef] = to_many(
        "ContractParty", PartyRow.contract_id, order=(PartyRow.id,)
    )
    inspections: list[InspectionRef] = to_many(
        "Inspection", InspectionRow.contract_id, order=(InspectionRow.held_on, InspectionRow.id)
    )
    key_movements: list[KeyMovementRef] = to_many(
        "KeyMovement", KeyRow.contract_id, order=(KeyRow.moved_on, KeyRow.id)
    )
    version: int = column(ContractRow.version)
    guarantee: GuaranteeRef | None = first_of(
        "Guarantee",
        by={GuaranteeRow.contract_id: "id"},
        order=(GuaranteeRow.issued_on, GuaranteeRow.id),
        description="The rent guarantee given with it.",
    )

    @computed(
        needs=("clauses_sealed",),
        reads=False,
        description="The form's own clauses, and those that were added.",
    )
    def clauses(self, info: Info) -> list[Clause]:
        """The clauses beside the terms."""
        clauses = unsealed(info, ContractRow.clauses, self.row["clauses_sealed"])
        return clauses_shown(clauses or ())

    @computed(
        needs=("legal_findings",),
        description="What guideline and law said of it when it was signed.",
    )
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the contract."""
        return findings_shown(self.row["legal_findings"])

    @computed(
        needs=(CASE_PACK, "form"), reads=False, description="In Swedish (sv) or English (en)."
    )
    def form_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The contract form in words."""
        for programme in pack_of_case(info.context, self).programmes.values():
            if programme.contract is not None and programme.contract.form == self.row["form"]:
                return worded(programme.contract.label, lang)
        return str(self.row["form"])

    @computed(
        needs=(CASE_PACK, "form", "starts_on", "ends_on", "terms_sealed"),
        reads=False,
        description="When a notice given today by the landlord or the tenant would end it.",
    )
    def notice_today(self, info: Info, given_by: str) -> NoticeEnd:
        """When a notice given today would end it."""
        pack = pack_of_case(info.context, self)
        forms = (one.contract for one in pack.programmes.values() if one.contract is not None)
        form = next((one for one in forms if one.form == self.row["form"]), None)
        lease = SimpleNamespace(
            starts_on=self.row["starts_on"],
            ends_on=self.row["ends_on"],
            terms=unsealed(info, ContractRow.terms, self.row["terms_sealed"]) or {},
        )
        who = "tenant" if given_by == "tenant" else "landlord"
        found = notice_end(pack, form, lease, who, today())
        return NoticeEnd(
            lawful_on=found.lawful,
            stated_on=found.stated,
            ends_on=found.ends_on,
            shorter_than_law=found.shorter_than_law,
        )
