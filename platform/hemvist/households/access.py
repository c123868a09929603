"""Who sees which household.

A household is seen by the department that registered it. A property office sees it only through a
case that was disclosed to it, which ``hemvist.cases`` knows; the condition is contributed there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, false, or_, select

from hemvist.errors import NotFound
from hemvist.households.models import Household
from hemvist.identity import MATRIX, Action, Actor, Condition, require
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

#: Persons whose way to a household is kept ready.
KEPT = 4_096

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


def departments_named(actor: Actor) -> frozenset[str]:
    """The departments whose protected persons the actor knows by name: their own."""
    return frozenset(
        membership.department
        for membership in actor.memberships
        if membership.department
        and MATRIX[membership.role].get(Action.HOUSEHOLD_READ) is Condition.OWN_DEPARTMENT
    )


def visible_households(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Household``: the actor has a way to it."""
    return or_(*(way(actor) for way in _WAYS))


@lru_cache(maxsize=KEPT)
def _seen_by(actor: Actor, locked: bool) -> Ask:
    """The question for one household. The whole actor is the key: a way may ask for all of it."""
    statement = select(*Household.__table__.columns).where(
        Household.tenant_id == of_tenant(),
        Household.id == bindparam("id", required=False),
        visible_households(actor),
    )
    return Ask(statement.with_for_update(of=Household) if locked else statement)


def household_for(
    session: TenantSession,
    actor: Actor,
    household_id: UUID,
    action: Action,
    *,
    locked: bool = False,
) -> Household:
    """The household, if the actor may take ``action`` on it. Raises ``NotFound``, ``NotAllowed``.

    With ``locked``, it is as ``TenantSession.lock`` would give it.
    """
    found = _seen_by(actor, locked).rows(session, id=household_id)
    if not found:
        raise NotFound("Household")
    household = session.hold(Household, found[0], locked=locked)
    require(actor, action, department=household.department)
    return household
