"""A household is also seen through a case of its that the actor sees."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from hemvist.cases.access import visible_cases
from hemvist.cases.models import Case
from hemvist.households.access import way_to_household
from hemvist.households.models import Household
from hemvist.identity import Actor


@way_to_household
def through_case(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Household``: one of its cases is visible to the actor."""
    return exists(
        select(Case.id).where(
            Case.tenant_id == Household.tenant_id,
            Case.household_id == Household.id,
            visible_cases(actor),
        )
    )
