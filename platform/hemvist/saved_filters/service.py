"""Keeping a list's selection, sharing it with one's department, and removing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.clock import now
from hemvist.errors import Conflict, NotAllowed, NotFound, Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.saved_filters.models import LISTS, SavedFilter
from hemvist.tenancy import TenantSession

#: Selections of one person; more would be no help to anybody.
MOST = 100
MAX_NAME = 60
#: A code, a number, a day or a department: nothing that tells of anybody.
_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_NUMBER = re.compile(r"(?:19|20)?\d{6}[-+]?\d{4}")


def save(
    session: TenantSession,
    actor: Actor,
    *,
    page: str,
    name: str,
    selection: Mapping[str, Any],
    department: str | None = None,
) -> SavedFilter:
    """Keep a selection of ``page`` under ``name``; the actor's own of that name is replaced.

    ``department`` shares it with those who work there: the actor must be one of them. Raises
    ``ValidationFailed`` naming every fault, ``Conflict`` when the actor has ``MOST`` already.
    """
    words = " ".join(name.split())
    problems = [*_name_problems(words), *_selection_problems(page, selection)]
    if department is not None and department not in actor.departments():
        problems.append(
            Problem("department", "own_department", "you share with departments that you work in")
        )
    if problems:
        raise ValidationFailed(problems)
    assert actor.principal_id is not None
    found = session.scalar(
        select(SavedFilter).where(
            SavedFilter.owner_id == actor.principal_id,
            SavedFilter.page == page,
            SavedFilter.name == words,
        )
    )
    if found is None:
        _refuse_too_many(session, actor)
        found = SavedFilter(owner_id=actor.principal_id, page=page, name=words, saved_at=now())
        found.selection, found.department = dict(selection), department
        found = session.save(found)
    else:
        found.selection, found.department = dict(selection), department
        found.saved_at = now()
        found.version += 1
        session.flush()
    _log(session, actor, "saved_filter.save", found)
    return found


def remove(session: TenantSession, actor: Actor, filter_id: UUID) -> SavedFilter:
    """Remove the actor's own selection. Raises ``NotFound``, ``NotAllowed`` for a colleague's."""
    found = session.find(SavedFilter, filter_id)
    if found.owner_id != actor.principal_id:
        if found.department is None or found.department not in actor.departments():
            raise NotFound("SavedFilter")
        raise NotAllowed("saved_filter.remove", "only the one who saved it removes it")
    session.delete(found)
    session.flush()
    _log(session, actor, "saved_filter.remove", found)
    return found


def _log(session: TenantSession, actor: Actor, action: str, row: SavedFilter) -> None:
    audit.record(session, actor, action, subject_type="saved_filter", subject_id=row.id)


def _refuse_too_many(session: TenantSession, actor: Actor) -> None:
    count = session.scalar(select(func.count()).where(SavedFilter.owner_id == actor.principal_id))
    if (count or 0) >= MOST:
        raise Conflict("too_many", f"you have {MOST} saved selections: remove one", limit=MOST)


def _name_problems(name: str) -> list[Problem]:
    if not name:
        return [Problem("name", "required", "give it a name")]
    if len(name) > MAX_NAME:
        return [Problem("name", "too_long", f"at most {MAX_NAME} characters", {"limit": MAX_NAME})]
    if _NUMBER.search(name.replace(" ", "")):
        return [Problem("name", "personal_data", "a name of a selection holds no personal number")]
    return []


def _selection_problems(page: str, selection: Mapping[str, Any]) -> list[Problem]:
    known = LISTS.get(page)
    if known is None:
        return [Problem("page", "unknown_choice", "no such list", {"allowed": sorted(LISTS)})]
    return [
        Problem(f"selection.{key}"[:80], "unknown_choice", "the list is not restricted by that")
        for key, value in selection.items()
        if key not in known or not isinstance(value, str) or not _VALUE.fullmatch(value)
    ]
