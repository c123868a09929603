"""Support in the home: providers, commissions, reports, plans."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.commissions.models import Commission as CommissionRow
from hemvist.identity import Action
from hemvist.identity.support_providers import SupportProvider as ProviderRow
from hemvist_graphql.commissions.types import Commission, SupportReport
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.loading import find
from hemvist_graphql.reading import looked_up
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import CommissionState
from hemvist_graphql.support_plans.types import SupportPlan

_COMMISSIONS = Ordering("commissions", (CommissionRow.id,))
_PROVIDERS = Ordering("support_providers", (ProviderRow.id,), descending=False)


@strawberry.type
class SupportRoots:
    """Support in the home: providers, commissions, reports, plans."""

    @connection(
        "SupportProvider", _PROVIDERS, needs=Action.COMMISSION_READ, description="By their codes."
    )
    def support_providers(self, info: Info) -> list[ColumnElement[bool]]:
        """Who gives support in the home."""
        return []

    @connection(
        "Commission", _COMMISSIONS, needs=Action.COMMISSION_READ, description="Newest first."
    )
    def commissions(
        self, info: Info, state: list[CommissionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """Support commissioned in the cases that the caller sees, or of the caller's provider."""
        return in_states(CommissionRow.state, state)

    @looked_up("Commission")
    def commission(self, info: Info, id: strawberry.ID) -> Commission | None:
        """A commission by its id."""
        return find(info.context, Commission, row_id_of("Commission", id))

    @looked_up("SupportReport")
    def support_report(self, info: Info, id: strawberry.ID) -> SupportReport | None:
        """A provider's report by its id."""
        return find(info.context, SupportReport, row_id_of("SupportReport", id))

    @looked_up("SupportPlan")
    def support_plan(self, info: Info, id: strawberry.ID) -> SupportPlan | None:
        """A plan by its id."""
        return find(info.context, SupportPlan, row_id_of("SupportPlan", id))
