"""Rent guarantees."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.pinned import CASE_PACK, case_pack, label_in, pack_of_case
from hemvist_graphql.reading import Node, column, computed, reads, to_one
from hemvist_graphql.refs import CaseRef, ContractRef, PrincipalRef


@reads(
    GuaranteeRow,
    visible=of_visible_case(GuaranteeRow),
    case=GuaranteeRow.case_id,
    also=(GuaranteeRow.legal_findings,),
    ingredients=case_pack(GuaranteeRow),
)
@strawberry.type(description="A rent guarantee (hyresgaranti) on a first-hand lease.")
class Guarantee(Node):
    """A rent guarantee on a first-hand lease."""

    state: str = column(GuaranteeRow.state, description="active or ended")
    months: int = column(GuaranteeRow.months)
    starts_on: dt.date = column(GuaranteeRow.starts_on)
    ends_on: dt.date = column(GuaranteeRow.ends_on)
    covers: list[str] = column(GuaranteeRow.covers)
    issued_on: dt.date = column(GuaranteeRow.issued_on)
    issued_by: PrincipalRef | None = to_one("Principal", GuaranteeRow.issued_by)
    case: CaseRef = to_one("Case", GuaranteeRow.case_id)
    contract: ContractRef = to_one("Contract", GuaranteeRow.contract_id)
    version: int = column(GuaranteeRow.version)

    @computed(
        needs=("legal_findings",),
        description="What the law said of it, among other things of the state grant.",
    )
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the guarantee."""
        return findings_shown(self.row["legal_findings"])

    @computed(
        needs=(CASE_PACK, "covers"), reads=False, description="In Swedish (sv) or English (en)."
    )
    def covers_labels(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """What the guarantee covers, in words."""
        programmes = pack_of_case(info.context, self).programmes.values()
        items = [item for one in programmes if one.guarantee for item in one.guarantee.scope]
        return [worded(label_in(items, code), lang, code) for code in self.row["covers"]]
