"""Who sees which facts: through their case, and less of it than those who have the case.

Figures say nothing of anybody. A fact does, and is seen only as what it stems from is: whom a case
was disclosed to sees no fact of the investigation behind it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, null, or_, select

from hemvist.cases.access import reading_departments
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.handovers.access import of_handlers
from hemvist.handovers.models import Handover as HandoverRow
from hemvist.households.protection import anyone_protected
from hemvist.identity import MATRIX, Action, Actor, Condition
from hemvist.indicators.models import IndicatorFact as FactRow
from hemvist.transfers.access import of_function_or_case
from hemvist.transfers.models import TransferRequest as RequestRow
from hemvist_graphql.access import of_visible_case

#: What they are made of lies open with a disclosed case: its home, contract, guarantee, takeover,
#: and steps towards losing the home. All else is the department's own, or seen by rules of its own.
DISCLOSED = frozenset(
    {
        *("waiting", "time_to_home", "homes_running", "moved_in", "offers_declined"),
        *("moved_on", "ended", "evicted", "stay", "takeovers_due", "takeovers_done"),
        *("guarantees_out", "guarantee_exposure", "guarantee_claims", "guarantee_recourse"),
        *("warnings", "children_evicted"),
    }
)
#: Never told by area or month, nor drilled into by them.
TRANSFERS = "transfers"


def seen_facts(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``IndicatorFact``: the actor sees its case, and what the fact stems from."""
    seen = of_visible_case(FactRow, FactRow.indicator.in_(sorted(DISCLOSED)))(actor)
    return and_(seen, or_(FactRow.indicator != TRANSFERS, _of_transfers(actor)))


def reads_cases(actor: Actor) -> bool:
    """Whether the actor reads cases in some department."""
    own, disclosed = reading_departments(actor, Action.CASE_READ)
    return bool(own or disclosed)


def reads_transfers(actor: Actor) -> bool:
    """Whether the actor reads transfers of the cases of some department."""
    return bool(_transfer_departments(actor))


def unless_transfers(column: Any) -> ColumnElement[Any]:
    """A column of a fact; null of transfers."""
    return case((FactRow.indicator != TRANSFERS, column), else_=null())


def tells_area() -> ColumnElement[bool]:
    """Condition on ``IndicatorFact``: it may say where the home is. Where anybody protected lives is
    withheld from colleagues too, and no list of facts is the place to have it shown."""
    protected = exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == FactRow.tenant_id,
            CaseRow.id == FactRow.case_id,
            anyone_protected(CaseRow.tenant_id, CaseRow.household_id, today()),
        )
    )
    return and_(FactRow.indicator != TRANSFERS, not_(protected))


def area_shown(_actor: Actor) -> ColumnElement[Any]:
    """The area of a fact's home; null where it is not told."""
    return case((tells_area(), FactRow.area), else_=null())


def live_columns() -> tuple[ColumnElement[Any], ...]:
    """How many facts, of how many it was done, the sum of the amounts, the one in the middle."""
    return (
        func.count(),
        func.count().filter(FactRow.met.is_(True)),
        func.coalesce(func.sum(FactRow.amount), 0),
        func.percentile_disc(0.5).within_group(FactRow.amount),
    )


def _of_transfers(actor: Actor) -> ColumnElement[bool]:
    """The request is seen by the function and the department, the handover by its handlers."""
    if not _transfer_departments(actor):
        return false()
    request = select(RequestRow.id).where(
        RequestRow.tenant_id == FactRow.tenant_id,
        RequestRow.id == FactRow.of,
        of_function_or_case(actor),
    )
    handover = select(HandoverRow.id).where(
        HandoverRow.tenant_id == FactRow.tenant_id,
        HandoverRow.id == FactRow.of,
        of_handlers(HandoverRow.id)(actor),
    )
    return or_(exists(request), exists(handover))


def _transfer_departments(actor: Actor) -> set[str]:
    # The role that names transfers in the whole kommun reads no cases, and has its own pages.
    return {
        one.department
        for one in actor.memberships
        if one.department
        and MATRIX[one.role].get(Action.TRANSFER_READ) is Condition.OWN_DEPARTMENT
        and Action.CASE_READ in MATRIX[one.role]
    }
