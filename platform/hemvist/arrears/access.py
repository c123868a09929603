"""Who works with which department's arrears. A file given to one board is not another's (OSL 8:1)."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from hemvist.arrears.models import RentAccount
from hemvist.cases.access import case_for, reading_departments
from hemvist.cases.checks import require_open
from hemvist.cases.models import Case
from hemvist.errors import NotAllowed, NotFound
from hemvist.households.protection import anyone_protected
from hemvist.identity import MATRIX, Action, Actor, allows, require
from hemvist.tenancy import Base, TenantSession

RowT = TypeVar("RowT", bound=Base)


class _OfDepartment(Protocol):
    department: str


def departments_of(actor: Actor, action: Action = Action.ARREARS_HANDLE) -> list[str]:
    """The departments in which the actor may take ``action``."""
    return sorted(
        {
            membership.department
            for membership in actor.memberships
            if membership.department and action in MATRIX[membership.role]
        }
    )


def require_department(actor: Actor, action: Action, department: str) -> None:
    """Raise ``NotAllowed`` unless the actor may take ``action`` in ``department``."""
    require(actor, action, department=department)


def of_departments(model: type[Base], actor: Actor) -> ColumnElement[bool]:
    """Condition on a row with a department: the actor works with arrears there."""
    theirs = departments_of(actor)
    column: ColumnElement[str] = model.__table__.c["department"]
    return column.in_(theirs) if theirs else false()


def account_protected(day: date) -> ColumnElement[bool]:
    """Condition on ``RentAccount``: of a household in which somebody counts as protected on a day.

    Asked anew each time: what was marked when a file was read in says nothing of later checks.
    """
    return anyone_protected(RentAccount.tenant_id, RentAccount.household_id, day)


def visible_accounts(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``RentAccount``: of the actor's own department, or of a case that is theirs.

    The case's own department sees what another was told of the rent of its household; whoever the
    case was only disclosed to does not.
    """
    own, _ = reading_departments(actor, Action.CASE_READ)
    ways = [of_departments(RentAccount, actor)]
    if own and allows(actor, Action.ARREARS_HANDLE):
        ways.append(
            exists(
                select(Case.id).where(
                    and_(
                        Case.tenant_id == RentAccount.tenant_id,
                        Case.id == RentAccount.case_id,
                        Case.department.in_(sorted(own)),
                    )
                )
            )
        )
    return or_(*ways)


def of_department(
    session: TenantSession, actor: Actor, model: type[RowT], row_id: UUID, action: Action
) -> RowT:
    """A row with a department, if the actor may take ``action`` in it.

    Raises ``NotFound`` where they do not even see it, ``NotAllowed``.
    """
    row = session.find(model, row_id)
    department = cast(_OfDepartment, row).department
    if not actor.is_system and department not in departments_of(actor):
        raise NotFound(model.__name__)
    require_department(actor, action, department)
    return row


def account_for(
    session: TenantSession, actor: Actor, account_id: UUID, action: Action = Action.ARREARS_HANDLE
) -> RentAccount:
    """A tenancy that the actor may work with. Raises ``NotFound``, ``NotAllowed``."""
    account = session.find(RentAccount, account_id)
    seen = select(RentAccount.id).where(RentAccount.id == account.id, visible_accounts(actor))
    if not actor.is_system and session.scalar(seen) is None:
        raise NotFound("RentAccount")
    if not allows(actor, action):
        raise NotAllowed(action.value)
    return account


def open_case_of(
    session: TenantSession, actor: Actor, account: RentAccount, action: Action
) -> Case | None:
    """The open case that the tenancy belongs to, if the actor may take ``action`` on it, or None."""
    if account.case_id is None:
        return None
    try:
        case = case_for(session, actor, account.case_id, action)
    except (NotFound, NotAllowed):
        return None
    return case if case.state == "open" else None


def require_case(
    session: TenantSession,
    actor: Actor,
    case_id: UUID,
    action: Action,
    *,
    not_by: tuple[UUID | None, ...] = (),
) -> Case:
    """An open case in which the actor may take ``action``. Raises as ``case_for``, ``Conflict``."""
    case = case_for(session, actor, case_id, action, not_by=not_by)
    require_open(case)
    return case
