"""What is counted of a case, for the tests of figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from hemvist.indicators.fact import Fact
from hemvist.indicators.models import IndicatorFact
from hemvist.indicators.running import count_cases
from hemvist.tenancy import Audience, tenant_session
from hemvist_kommun import Kommun

_FIELDS = tuple(Fact.__slots__)


def count(world: Kommun, case_ids: Iterable[UUID]) -> int:
    """Count cases as the worker does; how many facts were other than they stood."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return count_cases(session, list(case_ids))


def counted(world: Kommun, case_id: UUID, *codes: str) -> list[Fact]:
    """What a case gives these indicators now, by code and day."""
    count(world, [case_id])
    rows = world.rows(IndicatorFact, case_id=case_id)
    found = [_fact(row) for row in rows if row.indicator in codes]
    return sorted(found, key=lambda one: (one.indicator, one.begins, str(one.of)))


def _fact(row: Any) -> Fact:
    given = {name: getattr(row, name) for name in _FIELDS}
    return Fact(**{**given, "groups": tuple(row.groups)})
