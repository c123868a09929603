"""Facts that the record itself answers. Each concept contributes those it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, Together

#: Facts out of the rows that a question found for a case on a day.
Deriver = Callable[[Sequence[tuple[Any, ...]], date], Mapping[str, Any]]
#: The same facts, asked for.
Derived = Callable[[TenantSession, Case, date], Mapping[str, Any]]

#: Cases in one statement of ``derived_facts_of``: its answer stays some megabytes.
AT_ONCE = 500
_DERIVERS: list[tuple[Ask, Deriver]] = []


def derives(ask: Ask) -> Callable[[Deriver], Derived]:
    """Register a function that answers some of the catalogue's facts out of the rows of ``ask``.

    The question may name the values ``case``, ``household`` and ``day``; all of them are asked in one
    statement. A fact left out is unknown: what the record does not hold is never guessed. What the
    decorator gives asks for these facts alone.
    """

    def register(deriver: Deriver) -> Derived:
        _DERIVERS.append((ask, deriver))
        _together.cache_clear()

        def alone(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
            return deriver(ask.rows(session, **_values(case, on)), on)

        return alone

    return register


def _values(case: Case, on: date) -> dict[str, Any]:
    return {"case": case.id, "household": case.household_id, "day": on}


@lru_cache(maxsize=1)
def _together() -> Together:
    return Together(*(ask for ask, _ in _DERIVERS))


def derived_facts(session: TenantSession, case: Case, on: date) -> dict[str, Any]:
    """Every fact that the record answers for the case on a day."""

    def derived() -> dict[str, Any]:
        return _facts(case, _together().rows(session, **_values(case, on)), on)

    return dict(session.remembered(("derived_facts", case.id, on), derived))


def derived_facts_of(
    session: TenantSession, cases: Sequence[Case], on: date
) -> dict[UUID, dict[str, Any]]:
    """As ``derived_facts``, of many cases: one statement for each ``AT_ONCE`` of them. By case id."""
    found: dict[UUID, dict[str, Any]] = {}
    for first in range(0, len(cases), AT_ONCE):
        some = cases[first : first + AT_ONCE]
        ids = {"case": [one.id for one in some], "household": [one.household_id for one in some]}
        told = _together().rows_of_each(session, ids, day=on)
        for case, rows in zip(some, told, strict=True):
            found[case.id] = _facts(case, rows, on)
    return found


def _facts(case: Case, found: Sequence[Sequence[tuple[Any, ...]]], on: date) -> dict[str, Any]:
    facts: dict[str, Any] = {DECISION_DATE: on, "department": case.department}
    if case.programme is not None:
        facts["programme"] = case.programme
    for (_, deriver), rows in zip(_DERIVERS, found, strict=True):
        facts.update(deriver(rows, on))
    return facts
