"""Counting: what changed, or everything from nothing. Both leave the same facts."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import real_now
from hemvist.ids import new_id
from hemvist.indicators import definitions
from hemvist.indicators.counting.every import NEEDS, facts_of
from hemvist.indicators.fact import Fact
from hemvist.indicators.models import IndicatorRun
from hemvist.indicators.rows import load
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered

#: A transaction that has written and not committed yet may be so old; it is looked for again.
LATE = timedelta(minutes=15)
#: Cases at a time: some hundred rows of some twenty tables.
SLICE = 500
FACTS = "facts"
_COLUMNS = (
    *("indicator", "of", "begins", "ends", "programme", "step", "area", "groups"),
    *("amount", "met"),
)


def count_cases(session: TenantSession, case_ids: Collection[UUID]) -> int:
    """Make the facts of some cases what their rows say; how many were other than that.

    Does not commit. Twice is the same as once.
    """
    ids = list(case_ids)
    # Two who count the same case would both add what is missing.
    answered(session, "SELECT pg_advisory_xact_lock(hashtextextended(%(tenant)s::text, 11))", {})
    wanted: set[tuple[UUID, Fact]] = set()
    for rows in load(session, ids, NEEDS):
        wanted |= {(rows.case.id, fact) for fact in facts_of(rows)}
    standing: dict[tuple[UUID, Fact], UUID] = {}
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    for fact_id, case_id, *values in answered(
        session,
        f"SELECT id, case_id, {columns} FROM indicator_facts"  # noqa: S608 - names of our own columns
        " WHERE tenant_id = %(tenant)s AND case_id = ANY(%(ids)s)",
        {"ids": ids},
    ):
        given = dict(zip(_COLUMNS, values, strict=True))
        given["groups"] = tuple(given["groups"])
        standing[case_id, Fact(**given)] = fact_id
    gone = [standing[one] for one in standing.keys() - wanted]
    if gone:
        session.driver.cursor().execute(
            "DELETE FROM indicator_facts WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s)",
            {"tenant": session.tenant_id, "ids": gone},
        )
    new = sorted(
        wanted - standing.keys(), key=lambda one: (one[0], one[1].indicator, one[1].begins)
    )
    _write(session, new)
    return len(gone) + len(new)


#: Cases with a new line in their timeline; with duties that time alone has laid out; all with a protected
#: move, which are few: what happens to those leaves no line; those of somebody who came back after a home of
#: which nothing is left, since its case is thinned; and those of a home whose area was corrected.
_CHANGED = """
SELECT DISTINCT beside.id
  FROM (SELECT case_id FROM case_events WHERE tenant_id = %(tenant)s AND id >= %(first)s
        UNION
        SELECT case_id FROM obligations WHERE tenant_id = %(tenant)s AND id >= %(first)s
        UNION
        SELECT case_id FROM transfer_requests WHERE tenant_id = %(tenant)s
        UNION
        SELECT case_id FROM handovers WHERE tenant_id = %(tenant)s AND case_id IS NOT NULL
        UNION
        SELECT f.case_id FROM indicator_facts f
          JOIN cases back ON back.tenant_id = %(tenant)s AND back.id = f.case_id
         WHERE f.tenant_id = %(tenant)s AND f.indicator = 'returned'
           AND NOT EXISTS (
               SELECT FROM cases before
                 JOIN contracts k ON k.tenant_id = %(tenant)s AND k.case_id = before.id
                WHERE before.tenant_id = %(tenant)s AND before.household_id = back.household_id
                  AND before.department = back.department AND before.id <> back.id
                  AND before.closed_on <= back.opened_on
                  AND k.end_reason IS DISTINCT FROM 'never_began')
        UNION
        SELECT f.case_id FROM indicator_facts f
          JOIN contracts k ON k.tenant_id = %(tenant)s AND k.id = f."of"
          JOIN units u ON u.tenant_id = %(tenant)s AND u.id = k.unit_id
         WHERE f.tenant_id = %(tenant)s AND f.indicator = 'moved_in'
           AND f.area <> btrim(u.area, E' \\t\\n\\r')) changed
  JOIN cases c ON c.tenant_id = %(tenant)s AND c.id = changed.case_id
  JOIN cases beside ON beside.tenant_id = %(tenant)s AND beside.household_id = c.household_id
"""


def changed_since(session: TenantSession, instant: datetime) -> list[UUID]:
    """Cases of which something was written down since, and the other cases of their households."""
    # Ids are made in the order of time: the key finds what is new without an index of its own.
    first = UUID(int=int(instant.timestamp() * 1000) << 80)
    return [case_id for (case_id,) in answered(session, _CHANGED, {"first": first})]


def cases_after(session: TenantSession, after: UUID | None, most: int = SLICE) -> list[UUID]:
    """Some cases beyond one, by their ids."""
    return [
        case_id
        for (case_id,) in answered(
            session,
            "SELECT id FROM cases WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(most)s",
            {"after": after or UUID(int=0), "most": most},
        )
    ]


def count_changed(session: TenantSession) -> int | None:
    """Count the cases that changed since the last count; how many facts that changed.

    None where nothing is counted yet, or by other definitions: then everything is to be counted.
    """
    run = run_of(session)
    if run is None or run.counted_to is None or run.definitions != definitions.fingerprint():
        return None
    began = real_now()
    changed = changed_since(session, run.counted_to - LATE)
    differed = sum(
        count_cases(session, changed[start : start + SLICE])
        for start in range(0, len(changed), SLICE)
    )
    run.counted_to = began
    return differed


def counted_everything(session: TenantSession, began: datetime, differed: int) -> None:
    """Keep that everything was counted, beginning at an instant, and what was found otherwise."""
    run = run_of(session)
    if run is None:
        run = IndicatorRun(part=FACTS)
        session.add(run)
    first = run.definitions != definitions.fingerprint()
    run.counted_to = began if run.counted_to is None else max(run.counted_to, began)
    run.definitions = definitions.fingerprint()
    run.full_at = began
    # The first count by new definitions finds everything new; that says nothing of the counting.
    run.differed = 0 if first else differed


def run_of(session: TenantSession) -> IndicatorRun | None:
    """How far the kommun's facts are counted."""
    return session.scalars(select(IndicatorRun).where(IndicatorRun.part == FACTS)).one_or_none()


def _write(session: TenantSession, facts: Sequence[tuple[UUID, Fact]]) -> None:
    if not facts:
        return
    names = ("tenant_id", "id", "case_id", *_COLUMNS)
    columns = ", ".join(f'"{name}"' for name in names)
    rows = [
        {
            **{name: getattr(fact, name) for name in _COLUMNS},
            "groups": list(fact.groups),
            "tenant_id": session.tenant_id,
            "id": new_id(),
            "case_id": case_id,
        }
        for case_id, fact in facts
    ]
    # One document: as parameters of their own, some thousand rows would be tens of thousands.
    session.driver.cursor().execute(
        f"INSERT INTO indicator_facts ({columns}) SELECT {columns}"  # noqa: S608 - names of our own columns
        " FROM jsonb_populate_recordset(NULL::indicator_facts, %(rows)s::jsonb)",
        {"rows": json.dumps(rows, default=str)},
    )
