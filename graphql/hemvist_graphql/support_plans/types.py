"""Support plans."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist_graphql.access import of_visible_case, plan_of_shared_follow_up
from hemvist_graphql.context import Info
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import ContentField, content_field
from hemvist_graphql.pinned import (
    CASE_PACK,
    CASE_PROGRAMME,
    case_pack,
    pack_of_case,
    programme_or_none,
)
from hemvist_graphql.reading import Node, column, computed, reads, to_one
from hemvist_graphql.refs import CaseRef, PrincipalRef


@reads(
    PlanRow,
    visible=of_visible_case(PlanRow, plan_of_shared_follow_up),
    case=PlanRow.case_id,
    also=(PlanRow.content,),
    ingredients=case_pack(PlanRow),
)
@strawberry.type(description="What the resident works towards (boendeplan), with which support.")
class SupportPlan(Node):
    """What the resident works towards, with which support."""

    kind: str = column(PlanRow.kind)
    state: str = column(PlanRow.state, description="agreed or replaced")
    agreed_on: dt.date = column(PlanRow.agreed_on)
    agreed_by: PrincipalRef | None = to_one("Principal", PlanRow.agreed_by)
    case: CaseRef = to_one("Case", PlanRow.case_id)
    version: int = column(PlanRow.version)

    @computed(5, needs=(CASE_PACK, CASE_PROGRAMME, "content"), reads=False)
    def content(self, info: Info) -> list[ContentField]:
        """Every item that the pack prescribes, with what is written there."""
        named = ingredient(info.context, self, CASE_PROGRAMME)
        programme = programme_or_none(pack_of_case(info.context, self), named)
        rules = programme.plan if programme else None
        if rules is None:
            return []
        written = self.row["content"]
        return [
            content_field(item, required=required, value=written.get(item.id))
            for required, items in ((True, rules.requires), (False, rules.optional))
            for item in items
        ]
