"""What one case gives the figures, held against what the oracles say of it."""

from __future__ import annotations

from uuid import UUID

from hemvist.indicators.fact import Fact
from hemvist.indicators.running import count_cases
from hemvist.tenancy import Audience, tenant_session
from hemvist_counted import said, standing
from hemvist_kommun import Kommun


def counted(world: Kommun, case_id: UUID, *codes: str) -> list[Fact]:
    """What a case gives these indicators now, by code and day, counted as the worker does."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        count_cases(session, [case_id])
        assert count_cases(session, [case_id]) == 0
    there = {one for one in standing(world.tenant_id) if one[0] == case_id}
    assert there == {one for one in said(world.tenant_id) if one[0] == case_id}
    found = [Fact(*told[1:]) for told in there if told[1] in codes]
    return sorted(found, key=lambda one: (one.indicator, one.begins, str(one.of)))
