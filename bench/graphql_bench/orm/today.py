"""The peer's page of today's work: one query for each heading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import strawberry
from sqlalchemy import ARRAY, Text, cast, exists, select

from graphql_bench.orm.types import Case, Info, Obligation, Offer, Referral
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.referrals.models import Referral as ReferralRow

_UNDER_WAY = ("draft", "submitted", "registered", "extended", "fulfilled")


@strawberry.type
class Today:
    """What a caseworker should do today."""

    department: strawberry.Private[str]

    @strawberry.field
    async def overdue(self, info: Info) -> list[Obligation]:
        """Late."""
        return await self._duties(info, ObligationRow.due_on < today())

    @strawberry.field
    async def due_soon(self, info: Info) -> list[Obligation]:
        """Due soon."""
        last = today() + timedelta(days=14)
        return await self._duties(info, ObligationRow.due_on.between(today(), last))

    @strawberry.field
    async def to_answer(self, info: Info) -> list[Offer]:
        """Offers to answer."""
        order = (OfferRow.answer_by, OfferRow.id)
        return await self._of_cases(info, OfferRow, OfferRow.state == "made", *order)

    @strawberry.field
    async def drafts(self, info: Info) -> list[Referral]:
        """Referrals being written."""
        mine = ReferralRow.drafted_by == info.context["rows"].principal
        order = (ReferralRow.drafted_on, ReferralRow.id)
        return await self._of_cases(
            info, ReferralRow, (ReferralRow.state == "draft") & mine, *order
        )

    @strawberry.field
    async def to_continue(self, info: Info) -> list[Case]:
        """Cases to go on with."""
        rows = info.context["rows"]

        def none(model: Any, criterion: Any) -> Any:
            return ~exists(
                select(model.id).where(
                    model.tenant_id == CaseRow.tenant_id, model.case_id == CaseRow.id, criterion
                )
            )

        statement = (
            select(CaseRow)
            .where(
                CaseRow.tenant_id == rows.tenant,
                CaseRow.department == self.department,
                CaseRow.handler_id == rows.principal,
                CaseRow.state == "open",
                none(DecisionRow, DecisionRow.state == "proposed"),
                none(ReferralRow, ReferralRow.state.in_(_UNDER_WAY)),
            )
            .order_by(CaseRow.opened_on, CaseRow.id)
            .limit(10)
        )
        return list(await rows.all(statement))

    async def _duties(self, info: Info, when: Any) -> list[Obligation]:
        own = cast([self.department], ARRAY(Text))
        theirs = ObligationRow.departments.op("&&", is_comparison=True)(own)
        order = (ObligationRow.due_on, ObligationRow.id)
        open_ = ObligationRow.state == "open"
        return await self._of_cases(info, ObligationRow, open_ & when & theirs, *order)

    async def _of_cases(self, info: Info, model: Any, criterion: Any, *order: Any) -> list[Any]:
        rows = info.context["rows"]
        statement = (
            select(model)
            .join(CaseRow, (CaseRow.tenant_id == model.tenant_id) & (CaseRow.id == model.case_id))
            .where(
                model.tenant_id == rows.tenant,
                CaseRow.department == self.department,
                CaseRow.state == "open",
                criterion,
            )
            .order_by(*order)
            .limit(100)
        )
        return list(await rows.all(statement))
