"""What is seen of a case by those who give the support in it on commission.

They read no cases: whatever belongs to a case is hidden from them unless its declaration names this
condition. A commission that has been sent lays the case open to the provider's code
(``CaseDisclosure``); when it ends, so does the disclosure, and with it all of this.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, false, select

from hemvist.cases.access import OF_COMMISSION, commissioned_to, reading_departments
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.errors import NotFound
from hemvist.households.access import way_to_household
from hemvist.households.models import Household
from hemvist.identity import Action, Actor


def commissioned(actor: Actor, model: Any) -> ColumnElement[bool]:
    """Condition on ``model``, a row of a case: the support in the case is the actor's commission."""
    codes = commissioned_to(actor, Action.COMMISSION_READ)
    if not codes:
        return false()
    return exists(
        select(CaseDisclosure.id).where(
            CaseDisclosure.tenant_id == model.tenant_id,
            CaseDisclosure.case_id == model.case_id,
            CaseDisclosure.department.in_(sorted(codes)),
            CaseDisclosure.ended_on.is_(None),
            OF_COMMISSION,
        )
    )


@way_to_household
def through_commission(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Household``: the support in one of its cases is the actor's commission."""
    codes = commissioned_to(actor, Action.COMMISSION_READ)
    if not codes:
        return false()
    return exists(
        select(Case.id)
        .join(
            CaseDisclosure,
            (CaseDisclosure.tenant_id == Case.tenant_id) & (CaseDisclosure.case_id == Case.id),
        )
        .where(
            Case.tenant_id == Household.tenant_id,
            Case.household_id == Household.id,
            CaseDisclosure.department.in_(sorted(codes)),
            CaseDisclosure.ended_on.is_(None),
            OF_COMMISSION,
        )
    )


def require_for_support(actor: Actor, case: Case, action: Action, by: Collection[str]) -> None:
    """Raise ``NotFound`` for a duty that is not the support staff's, where the actor comes by a
    commission: what others are to do in the case is nothing of theirs."""
    own, disclosed = reading_departments(actor, action)
    if not (own or disclosed) and commissioned_to(actor, action) and "support_worker" not in by:
        raise NotFound("Obligation")


def own_codes(actor: Actor, case: Case, action: Action) -> frozenset[str]:
    """Codes under which the actor takes part in the case by a commission alone."""
    own, disclosed = reading_departments(actor, action)
    return frozenset() if own or disclosed else commissioned_to(actor, action)
