"""Facts that the record itself answers. Each concept contributes those it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from hemvist.cases.models import Case
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.tenancy import TenantSession

Deriver = Callable[[TenantSession, Case, date], Mapping[str, Any]]

_DERIVERS: list[Deriver] = []


def derives(deriver: Deriver) -> Deriver:
    """Register a function that answers some of the catalogue's facts for a case on a day.

    A fact left out is unknown: what the record does not hold is never guessed.
    """
    _DERIVERS.append(deriver)
    return deriver


def derived_facts(session: TenantSession, case: Case, on: date) -> dict[str, Any]:
    """Every fact that the record answers for the case on a day."""

    def derived() -> dict[str, Any]:
        facts: dict[str, Any] = {DECISION_DATE: on, "department": case.department}
        if case.programme is not None:
            facts["programme"] = case.programme
        for deriver in _DERIVERS:
            facts.update(deriver(session, case, on))
        return facts

    return dict(session.remembered(("derived_facts", case.id, on), derived))
