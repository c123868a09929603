"""Support in a case: commissions and plans, and what the guideline says of them."""

from __future__ import annotations

import strawberry

from hemvist.commissions.models import Commission as CommissionRow
from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist_graphql.cases.common import PINNED
from hemvist_graphql.commissions.phases import HAPPENED_ON, SupportPhase, phases_shown
from hemvist_graphql.context import Info
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import ContentField, content_field
from hemvist_graphql.pinned import pack_of_row, programme_or_none
from hemvist_graphql.reading import Readable, computed, to_many
from hemvist_graphql.refs import CommissionRef, SupportPlanRef
from hemvist_graphql.support_plans.terms import SupportTerm, never_conditions


@strawberry.type
class CaseSupport(Readable):
    """Support in the home."""

    commissions: list[CommissionRef] = to_many(
        "Commission",
        CommissionRow.case_id,
        order=(CommissionRow.id.desc(),),
        description="Support commissioned of providers, the latest first.",
    )
    plans: list[SupportPlanRef] = to_many(
        "SupportPlan", PlanRow.case_id, order=(PlanRow.number.desc(), PlanRow.id.desc())
    )

    @computed(
        needs=("programme", HAPPENED_ON, *PINNED),
        reads=False,
        description="The phases of the support with the days they were entered; none where the "
        "guideline has none.",
    )
    def support_phases(self, info: Info) -> list[SupportPhase]:
        """The phases of the support."""
        pack = pack_of_row(info.context, self.row)
        programme = programme_or_none(pack, self.row["programme"])
        return phases_shown(pack, programme, ingredient(info.context, self, HAPPENED_ON))

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="What guideline and law do not allow as a condition of the home: support.",
    )
    def never_conditions(self, info: Info) -> list[SupportTerm]:
        """What may not be made a condition of the home."""
        return never_conditions(pack_of_row(info.context, self.row), self.row["programme"])

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="What the guideline asks of the plan; nothing where the programme has none.",
    )
    def plan_items(self, info: Info) -> list[ContentField]:
        """What the guideline asks of the plan."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        rules = programme.plan if programme else None
        if rules is None:
            return []
        return [
            content_field(item, required=required)
            for required, items in ((True, rules.requires), (False, rules.optional))
            for item in items
        ]

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="Whether those who make the plan may add headings of their own.",
    )
    def plan_free(self, info: Info) -> bool:
        """Whether headings of one's own may be added to the plan."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        return programme is not None and programme.plan is not None and programme.plan.free

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="How support is commissioned: routed (the coordinator decides first), chosen "
        "(the caseworker chooses), or null where the guideline has no commissions.",
    )
    def commissioning(self, info: Info) -> str | None:
        """How support is commissioned."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None or programme.commission is None:
            return None
        return "routed" if programme.commission.routed else "chosen"
