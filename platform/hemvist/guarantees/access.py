"""Matters of a guarantee outlive the case: claims and recourse go on when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast
from uuid import UUID

from hemvist.cases.access import case_for
from hemvist.cases.models import Case
from hemvist.errors import NotFound
from hemvist.identity import Action, Actor
from hemvist.tenancy import Base, TenantSession

RowT = TypeVar("RowT", bound=Base)


class _OfCase(Protocol):
    case_id: UUID


def matter(
    session: TenantSession,
    actor: Actor,
    model: type[RowT],
    row_id: UUID,
    action: Action,
    *,
    prepared_by: Callable[[RowT], UUID | None] = lambda _row: None,
) -> tuple[RowT, Case]:
    """A row of a case, open or closed, and the case, if the actor may take ``action`` on it.

    Errors as ``hemvist.cases.access.open_matter``.
    """
    row = session.find(model, row_id)
    preparers = [person for person in [prepared_by(row)] if person is not None]
    try:
        case = case_for(session, actor, cast(_OfCase, row).case_id, action, not_by=preparers)
    except NotFound as hidden:
        raise NotFound(model.__name__) from hidden
    return row, case
