"""Rent guarantees."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.reading import Node, column, reads, to_one
from hemvist_graphql.refs import CaseRef, ContractRef, PrincipalRef


@reads(GuaranteeRow, visible=of_visible_case(GuaranteeRow), case=GuaranteeRow.case_id)
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
