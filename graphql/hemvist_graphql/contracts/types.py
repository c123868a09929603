"""Contracts: the tenancy itself."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.contracts.models import Contract as ContractRow
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.choosing import first_of
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import Clause, LegalFinding, clauses_shown, findings_shown
from hemvist_graphql.pinned import CASE_PACK, case_pack, pack_of_case
from hemvist_graphql.reading import Node, column, computed, reads, to_one
from hemvist_graphql.refs import CaseRef, GuaranteeRef, OfferRef, PrincipalRef, UnitRef
from hemvist_graphql.scalars import Json


@reads(
    ContractRow,
    visible=of_visible_case(ContractRow),
    case=ContractRow.case_id,
    also=(ContractRow.clauses, ContractRow.legal_findings),
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
    terms: Json = column(ContractRow.terms)
    told_of_link_on: dt.date | None = column(ContractRow.told_of_link_on)
    owner_notified_on: dt.date | None = column(ContractRow.owner_notified_on)
    waiver: Json = column(
        ContractRow.waiver, description="Particulars of a waiver of tenure; empty when none."
    )
    went_on_because: str = column(
        ContractRow.went_on_because, description="Why it was signed in spite of warnings."
    )
    registered_by: PrincipalRef | None = to_one("Principal", ContractRow.registered_by)
    version: int = column(ContractRow.version)
    guarantee: GuaranteeRef | None = first_of(
        "Guarantee",
        by={GuaranteeRow.contract_id: "id"},
        order=(GuaranteeRow.issued_on, GuaranteeRow.id),
        description="The rent guarantee given with it.",
    )

    @computed(needs=("clauses",), description="The form's own clauses, and those that were added.")
    def clauses(self) -> list[Clause]:
        """The clauses beside the terms."""
        return clauses_shown(self.row["clauses"])

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
