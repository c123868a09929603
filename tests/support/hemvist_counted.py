"""The facts of a kommun's figures four ways: as they stand, made anew, and as two oracles say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import hemvist_indicator_oracle_a
import hemvist_indicator_oracle_b
from hemvist.clock import real_now
from hemvist.indicators.counting.every import NEEDS, facts_of
from hemvist.indicators.rows import load
from hemvist.indicators.running import cases_after, count_cases, count_changed, counted_everything
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist_world import as_owner

#: Case, indicator, of, begins, ends, programme, step, area, groups, amount, met.
Told = tuple[Any, ...]
_COLUMNS = 'case_id, indicator, "of", begins, ends, programme, step, area, groups, amount, met'


def counted(tenant_id: UUID) -> int:
    """Everything counted, as the worker does once a night; how many facts were found otherwise."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        began = real_now()
        differed = sum(count_cases(session, some) for some in _slices(session))
        counted_everything(session, began, differed)
        return differed


def counted_on(tenant_id: UUID) -> int | None:
    """What changed counted, as the worker does all day; how many facts were written or taken away."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return count_changed(session)


def _slices(session: TenantSession) -> Iterator[list[UUID]]:
    """All cases, some at a time."""
    last: UUID | None = None
    while some := cases_after(session, last):
        yield some
        last = some[-1]


def standing(tenant_id: UUID) -> set[Told]:
    """The facts as they stand in the table."""
    with as_owner(tenant_id) as database:
        rows = database.execute(f"SELECT {_COLUMNS} FROM indicator_facts").fetchall()
    assert len({*map(repr, rows)}) == len(rows)
    return {(*row[:8], tuple(row[8]), *row[9:]) for row in rows}


def anew(tenant_id: UUID) -> set[Told]:
    """The facts of all cases made from nothing, written nowhere."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return {
            (
                *(rows.case.id, one.indicator, one.of, one.begins, one.ends, one.programme),
                *(one.step, one.area, one.groups, one.amount, one.met),
            )
            for some in _slices(session)
            for rows in load(session, some, NEEDS)
            for one in facts_of(rows)
        }


def said(tenant_id: UUID) -> set[Told]:
    """The facts by the oracles, each written by another hand than what it is held against."""
    with as_owner(tenant_id) as database:
        first = hemvist_indicator_oracle_a.facts(database, tenant_id)
        return first | hemvist_indicator_oracle_b.facts(database, tenant_id)


def agree(tenant_id: UUID, after: object = "") -> set[Told]:
    """The facts that stand, which are what counting from nothing and the oracles give."""
    there = standing(tenant_id)
    for name, others in (("from nothing", anew(tenant_id)), ("oracle", said(tenant_id))):
        missing, beyond = others - there, there - others
        told = f"{name} after {after}: missing {_sorted(missing)}, beyond {_sorted(beyond)}"
        assert not missing and not beyond, told
    return there


def of(facts: set[Told], indicator: str) -> list[Told]:
    """The facts of an indicator, the earliest first."""
    return sorted((one for one in facts if one[1] == indicator), key=lambda one: one[3])


def _sorted(facts: set[Told]) -> list[str]:
    return sorted(str([str(value) for value in one]) for one in facts)
