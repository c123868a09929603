"""Who sees which tenancies with arrears, and the rows below them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, case, exists, not_, null, or_, select

from hemvist.arrears.access import account_protected, of_departments, visible_accounts
from hemvist.arrears.file_models import ArrearsFile
from hemvist.arrears.models import RentAccount
from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.prevention.models import PreventionEntry

Criterion = Callable[[Actor], ColumnElement[bool]]


def of_department(model: Any) -> Criterion:
    """Condition on ``model``: of a department where the actor works with arrears."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return of_departments(model, actor)

    return criterion


def of_visible_account(model: Any) -> Criterion:
    """Condition on ``model``: its tenancy is one that the actor sees."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        seen = exists(
            select(RentAccount.id).where(
                RentAccount.tenant_id == model.tenant_id,
                RentAccount.id == model.account_id,
                visible_accounts(actor),
            )
        )
        return or_(of_departments(model, actor), seen) if hasattr(model, "department") else seen

    return criterion


def of_visible_file(model: Any) -> Criterion:
    """Condition on ``model``: its file is one that the actor sees."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(ArrearsFile.id).where(
                ArrearsFile.tenant_id == model.tenant_id,
                ArrearsFile.id == model.file_id,
                of_departments(ArrearsFile, actor),
            )
        )

    return criterion


def of_visible_entry(model: Any) -> Criterion:
    """Condition on ``model``: its entry is one that the actor sees."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(PreventionEntry.id).where(
                PreventionEntry.tenant_id == model.tenant_id,
                PreventionEntry.id == model.entry_id,
                of_departments(PreventionEntry, actor),
            )
        )

    return criterion


def unless_protected(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """A column of ``RentAccount``; null for whoever is to be treated as protected (OSL 21:3)."""

    def expression(_actor: Actor) -> ColumnElement[Any]:
        return case((not_(account_protected(today())), column), else_=null())

    return expression
