"""Telling: from what the months showed, what everybody may read. Told once, never changed.

How facts are divided so that nobody is told of: ``suppression`` and docs/decisions/0060.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hemvist.clock import now
from hemvist.ids import new_id
from hemvist.indicators.cells import cells
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.indicators.snapshots import month_of
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.others import tell_nobody, tell_transfers
from hemvist.indicators.suppression.rules import AT_ENDS_OF, CHANGED_BY, FOLLOWS, SLACKS
from hemvist.indicators.suppression.series import (
    ALL,
    Block,
    Cell,
    Row,
    Series,
    margins,
    months_between,
)
from hemvist.indicators.suppression.stocks import Moves, tell_stock
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import answered

_COLUMNS = (
    *("tenant_id", "id", "indicator", "version", "margin", "cells", "from_month", "to_month"),
    *("facts", "met_least", "met_most", "amount", "middle", "told_at"),
)
_FACTS = (
    "SELECT k.household_id, f.begins, f.ends, f.programme, f.step, f.area, f.groups, f.amount, f.met"
    " FROM indicator_facts f JOIN cases k ON k.tenant_id = %(tenant)s AND k.id = f.case_id"
    " WHERE f.tenant_id = %(tenant)s AND f.indicator = %(indicator)s AND ({since})"
)
_SINCE = {
    "flow": "f.begins >= %(first)s",
    # A sum that has gone since it was told counts as a change.
    "stock": "f.ends IS NULL OR f.ends >= %(first)s",
}


def tell(session: TenantSession, today: date) -> int:
    """Tell what the kept months let one tell and was not told yet; how many numbers.

    The months must have been kept. Does not commit; twice is the same as once. Raises ``KeysErased``
    where the kommun's keys are gone.
    """
    # Two who tell at once would both find it untold, and cut it by other facts.
    answered(session, "SELECT pg_advisory_xact_lock(hashtextextended(%(tenant)s::text, 12))", {})
    last, universe = _last(session), cells(session)
    written = 0
    for definition in sorted(catalogue().values(), key=lambda one: _turn(one.code)):
        series = _series(session, definition, last.get(definition.code, {}), today, universe)
        if series is not None:
            written += _write(session, definition, _blocks(session, series))
    return written


def _turn(code: str) -> int:
    """How many come before an indicator: what others' ends follow is told before them."""
    before = [FOLLOWS.get(code), AT_ENDS_OF.get(code), *CHANGED_BY.get(code, ())]
    return max((1 + _turn(one) for one in before if one is not None), default=0)


def _blocks(session: TenantSession, series: Series) -> list[Block]:
    definition = series.definition
    if definition.about == "nobody":
        return tell_nobody(series)
    if definition.about == "transfers":
        return tell_transfers(series)
    if definition.kind == "flow":
        return tell_flow(series)
    leader = AT_ENDS_OF.get(definition.code)
    ends = None if leader is None else _ends(session, leader)
    return tell_stock(series, ends, _moves(session, definition.code))


def _last(session: TenantSession) -> dict[str, dict[str, date]]:
    """The last month told, by indicator and margin, in whatever version."""
    found: dict[str, dict[str, date]] = defaultdict(dict)
    for indicator, margin, month in answered(
        session,
        "SELECT indicator, margin, max(to_month) FROM indicator_told WHERE tenant_id = %(tenant)s"
        " GROUP BY 1, 2",
        {},
    ):
        found[indicator][margin] = month
    return found


def _series(
    session: TenantSession,
    definition: Definition,
    last: Mapping[str, date],
    today: date,
    universe: Mapping[str, Sequence[str]],
) -> Series | None:
    """What an indicator is told from; None where no month has come."""
    values = {
        "indicator": definition.code,
        "version": definition.version,
        "today": month_of(today),
        "after": min(last.get(one, date.min) for one in (ALL, *margins(definition))),
        # What is of nobody is told as it comes, also for a month before others.
        "all": definition.about == "nobody",
    }
    shown: dict[tuple[str, date], dict[str, Cell]] = defaultdict(dict)
    for margin, month, cell, *numbers in answered(session, _SHOWN, values):
        shown[margin, month][cell] = Cell(*numbers)
    months = sorted({month for margin, month in shown if margin == ALL})
    if not months:
        return None
    if definition.about == "nobody":
        told = {one for (one,) in answered(session, _TOLD_MONTHS, values)}
        months = [month for month in months if month not in told]
    else:
        # A month that nothing was counted in yet ends what can be told.
        months = [
            one
            for one, due in zip(months, months_between(months[0], months[-1]), strict=False)
            if one == due
        ]
    return Series(
        definition=definition,
        months=months,
        shown=shown,
        slack=_slack(session),
        universe=universe,
        whole=_whole(session, values),
        last=last,
        leader=_leader(session, definition, values),
        load=_load(session, definition, months),
    )


_SHOWN = (
    "SELECT margin, month, cell, facts, households, met, amount FROM indicator_snapshots"
    " WHERE tenant_id = %(tenant)s AND indicator = %(indicator)s AND version = %(version)s"
    " AND month < %(today)s AND (%(all)s OR month > %(after)s)"
)
_TOLD_MONTHS = (
    "SELECT from_month FROM indicator_told WHERE tenant_id = %(tenant)s"
    " AND indicator = %(indicator)s AND version = %(version)s AND margin = 'all'"
)


def _whole(session: TenantSession, values: Mapping[str, Any]) -> list[Block]:
    """Blocks of all cells that some margin may have to be told in still."""
    return [
        Block(ALL, (), *columns)
        for columns in answered(
            session,
            "SELECT from_month, to_month, facts, met_least, met_most, amount, middle FROM indicator_told"
            " WHERE tenant_id = %(tenant)s AND indicator = %(indicator)s AND version = %(version)s"
            " AND margin = 'all' AND to_month > %(after)s ORDER BY from_month",
            values,
        )
    ]


def _leader(
    session: TenantSession, definition: Definition, values: Mapping[str, Any]
) -> list[Block] | None:
    """What was told of the flow that an indicator follows, in whatever version; None where there is none."""
    leader = FOLLOWS.get(definition.code)
    if leader is None:
        return None
    return [
        Block(margin, tuple(sorted(told)), start, end)
        for margin, told, start, end in answered(
            session,
            "SELECT margin, cells, from_month, to_month FROM indicator_told"
            " WHERE tenant_id = %(tenant)s AND indicator = %(leader)s AND to_month > %(after)s"
            " ORDER BY from_month",
            {"leader": leader, "after": values["after"]},
        )
    ]


def _ends(session: TenantSession, code: str) -> set[date]:
    """The months in which blocks of a flow end, in whatever version."""
    return {one.end for one in _told_of(session, code)}


def _moves(session: TenantSession, code: str) -> Moves | None:
    """What was told of a stock's moves; None where it is told by itself."""
    signs = CHANGED_BY.get(code)
    if signs is None:
        return None
    told = {move: _told_of(session, move) for move in signs}
    shown = {move: answered(session, _SHOWN_OF, {"code": move}) for move in signs}

    def untold(until: date) -> int:
        found = 0
        for move, sign in signs.items():
            last = max((one.end for one in told[move] if one.end <= until), default=date.min)
            found += sign * sum(facts for month, facts in shown[move] if last < month <= until)
        return found

    before = _told_of(session, code)
    return Moves(
        [(sign, one) for move, sign in signs.items() for one in told[move]],
        untold,
        before[-1].facts if before else None,
    )


_SHOWN_OF = (
    "SELECT DISTINCT ON (month) month, facts FROM indicator_snapshots WHERE tenant_id = %(tenant)s"
    " AND indicator = %(code)s AND margin = 'all' ORDER BY month, version DESC"
)


def _told_of(session: TenantSession, code: str) -> list[Block]:
    """An indicator's blocks of all cells, in whatever version."""
    return [
        Block(ALL, (), start, end, facts=facts)
        for start, end, facts in answered(
            session,
            "SELECT from_month, to_month, facts FROM indicator_told WHERE tenant_id = %(tenant)s"
            " AND indicator = %(code)s AND margin = 'all' ORDER BY to_month",
            {"code": code},
        )
    ]


def _slack(session: TenantSession) -> Callable[[str], int]:
    keys = tenant_keys(session.tenant_id)
    return lambda asked: keys.blind_index("indicator_told.slack", asked)[0] % SLACKS


def _load(
    session: TenantSession, definition: Definition, months: Sequence[date]
) -> Callable[[], list[Row]]:
    """The facts, when asked for."""

    def load() -> list[Row]:
        text = _FACTS.format(since=_SINCE[definition.kind])
        values = {"indicator": definition.code, "first": months[0]}
        found = []
        for household, begins, ends, programme, step, area, groups, amount, met in answered(
            session, text, values
        ):
            where = {one.partition(":")[0]: one for one in groups}
            where |= {"programme": programme, "step": f"{programme}:{step}", "area": area}
            found.append(Row(household, begins, ends, where, amount, met))
        return found

    return load


def _write(session: TenantSession, definition: Definition, blocks: Sequence[Block]) -> int:
    if not blocks:
        return 0
    at = now().isoformat()
    rows = [
        {
            "tenant_id": str(session.tenant_id),
            "id": str(new_id()),
            "indicator": definition.code,
            "version": definition.version,
            "margin": one.margin,
            "cells": list(one.cells),
            "from_month": one.start.isoformat(),
            "to_month": one.end.isoformat(),
            "facts": one.facts,
            "met_least": one.met_least,
            "met_most": one.met_most,
            "amount": one.amount,
            "middle": one.middle,
            "told_at": at,
        }
        for one in blocks
    ]
    columns = ", ".join(_COLUMNS)
    session.driver.cursor().execute(
        f"INSERT INTO indicator_told ({columns}) SELECT {columns}"  # noqa: S608 - names of our own columns
        " FROM jsonb_populate_recordset(NULL::indicator_told, %(rows)s::jsonb)",
        {"rows": json.dumps(rows)},
    )
    return len(rows)
