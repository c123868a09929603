"""Who sees which household.

A household is seen by the department that registered it. A property office sees it only through a
case that was disclosed to it, which ``hemvist.cases`` knows; the condition is contributed there.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select

from hemvist.errors import NotFound
from hemvist.households.models import Household
from hemvist.identity import MATRIX, Action, Actor, require
from hemvist.tenancy import TenantSession

Way = Callable[[Actor], ColumnElement[bool]]

_WAYS: list[Way] = []


def way_to_household(way: Way) -> Way:
    """Register another condition on ``Household`` under which an actor sees it."""
    _WAYS.append(way)
    return way


@way_to_household
def _own_department(actor: Actor) -> ColumnElement[bool]:
    own = sorted(
        {
            membership.department
            for membership in actor.memberships
            if membership.department and Action.HOUSEHOLD_READ in MATRIX[membership.role]
        }
    )
    return Household.department.in_(own) if own else false()


def visible_households(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Household``: the actor has a way to it."""
    return or_(*(way(actor) for way in _WAYS))


def household_for(
    session: TenantSession, actor: Actor, household_id: UUID, action: Action
) -> Household:
    """The household, if the actor may take ``action`` on it. Raises ``NotFound``, ``NotAllowed``."""
    household = session.scalar(
        select(Household).where(Household.id == household_id, visible_households(actor))
    )
    if household is None:
        raise NotFound("Household")
    require(actor, action, department=household.department)
    return household
