"""Who sees what of a transfer, as conditions: those named in the function, and its department.

For everybody else, whatever their role, there is no such thing in the network.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from hemvist.cases.models import Case
from hemvist.identity import MATRIX, Action, Actor, Condition
from hemvist.transfers.models import TransferFunction, TransferRequest


def of_function(model: Any) -> Any:
    """Condition on rows with a ``network_id``: the actor is named in the function for the network."""

    def condition(actor: Actor) -> ColumnElement[bool]:
        if not _reads_all(actor):
            return false()
        named = aliased(TransferFunction)
        return exists(
            select(named.id).where(
                named.tenant_id == model.tenant_id,
                named.network_id == model.network_id,
                named.principal_id == actor.principal_id,
                named.until.is_(None),
            )
        )

    return condition


def of_function_or_case(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``TransferRequest``: named in the function, or at work in the case's department."""
    departments = sorted(
        {
            membership.department
            for membership in actor.memberships
            if membership.department
            and MATRIX[membership.role].get(Action.TRANSFER_READ) is Condition.OWN_DEPARTMENT
        }
    )
    named = of_function(TransferRequest)(actor)
    if not departments:
        return named  # type: ignore[no-any-return]
    return or_(
        named,
        exists(
            select(Case.id).where(
                and_(
                    Case.tenant_id == TransferRequest.tenant_id,
                    Case.id == TransferRequest.case_id,
                    Case.department.in_(departments),
                )
            )
        ),
    )


def of_named(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``TransferFunction``: whoever names people, and those who are named beside them."""
    if _holds(actor, Action.TRANSFER_NAME):
        return TransferFunction.id.is_not(None)
    return of_function(TransferFunction)(actor)  # type: ignore[no-any-return]


def _reads_all(actor: Actor) -> bool:
    return _holds(actor, Action.TRANSFER_READ)


def _holds(actor: Actor, action: Action) -> bool:
    return any(
        MATRIX[membership.role].get(action) is Condition.ALWAYS for membership in actor.memberships
    )
