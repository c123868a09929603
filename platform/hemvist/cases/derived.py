"""Facts that the record itself answers. Each concept contributes those it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from hemvist.cases.models import Case
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, Together

#: Facts out of the rows that a question found for a case on a day.
Deriver = Callable[[Sequence[tuple[Any, ...]], date], Mapping[str, Any]]
#: The same facts, asked for.
Derived = Callable[[TenantSession, Case, date], Mapping[str, Any]]

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
        facts: dict[str, Any] = {DECISION_DATE: on, "department": case.department}
        if case.programme is not None:
            facts["programme"] = case.programme
        found = _together().rows(session, **_values(case, on))
        for (_, deriver), rows in zip(_DERIVERS, found, strict=True):
            facts.update(deriver(rows, on))
        return facts

    return dict(session.remembered(("derived_facts", case.id, on), derived))
