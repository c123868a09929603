"""Homes that the kommun lets, and who lives in them.

A contract runs from its first day until the day before ``ended_on``. One that never began is no home.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hemvist.authority_forms.rules.scope import Found, Scope, counted
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract

#: Ends of what was no home at all.
NEVER = "never_began"


def contracts_running(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Contracts that run on the last day."""
    for contract, _ in _running(scope, given):
        yield Found(contract.case_id, contract.id, contract.starts_on)


def contracts_begun(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Contracts that began in these days and did not come in the place of another."""
    chosen = (
        Contract.starts_on.between(scope.first, scope.last),
        Contract.follows_id.is_(None),
        _began(),
    )
    for contract, _ in _contracts(scope, given, *chosen):
        yield Found(contract.case_id, contract.id, contract.starts_on)


def contracts_ended(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Contracts that ended in these days for some reasons, or for all but some."""
    chosen = [Contract.ended_on.between(scope.first, scope.last)]
    if "reasons" in given:
        chosen.append(Contract.end_reason.in_(given["reasons"]))
    if "but" in given:
        chosen.append(Contract.end_reason.not_in(given["but"]))
    for contract, _ in _contracts(scope, given, *chosen):
        assert contract.ended_on is not None
        yield Found(contract.case_id, contract.id, contract.ended_on)


def people_in_homes(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """People of a kind in the homes of the last day; nobody twice for two homes of one household."""
    seen: set[UUID] = set()
    running = _running(scope, given)
    people = _people(scope, given)
    for contract, household in running:
        if household in seen:
            continue
        seen.add(household)
        if number := counted(people.get(household, ()), given["who"]):
            yield Found(contract.case_id, contract.id, contract.starts_on, number)


def households_in_homes(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Households with somebody of a kind in the homes of the last day."""
    for found in people_in_homes(scope, given):
        yield found._replace(amount=1)


def _running(scope: Scope, given: Mapping[str, Any]) -> list[tuple[Contract, UUID]]:
    def read() -> list[tuple[Contract, UUID]]:
        return _contracts(
            scope,
            given,
            Contract.starts_on <= scope.last,
            or_(Contract.ended_on.is_(None), Contract.ended_on > scope.last),
            _began(),
        )

    return scope.once(f"running {given['kinds']}", read)  # type: ignore[no-any-return]


def _people(scope: Scope, given: Mapping[str, Any]) -> Mapping[UUID, Any]:
    households = [household for _, household in _running(scope, given)]
    return scope.once(f"people {given['kinds']}", lambda: scope.people(households))  # type: ignore[no-any-return]


def _began() -> ColumnElement[bool]:
    return or_(Contract.end_reason.is_(None), Contract.end_reason != NEVER)


def _contracts(
    scope: Scope, given: Mapping[str, Any], *chosen: ColumnElement[bool]
) -> list[tuple[Contract, UUID]]:
    rows = scope.session.execute(
        select(Contract, Case.household_id)
        .join(Case, (Case.tenant_id == Contract.tenant_id) & (Case.id == Contract.case_id))
        .where(scope.cases(), Contract.kind.in_(given["kinds"]), *chosen)
        .order_by(Contract.starts_on, Contract.id)
    )
    return [(contract, household) for contract, household in rows]
