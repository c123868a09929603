"""Telling of a ledger at the end of a quarter, and giving each member its statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import today
from hemvist.ids import new_id
from hemvist.tenancy import Tenant, TenantSession
from hemvist.transfer_ledger.models import (
    TransferLedgerEntry,
    TransferPublication,
    TransferStatement,
)
from hemvist.transfer_ledger.service import Position, positions
from hemvist.transfer_ledger.telling import Move, Rules, Told, quarter_to_tell, tell


@dataclass(frozen=True, slots=True)
class Statement:
    """What one member is given: its own place, and what was last told of the others."""

    member_id: UUID
    own: Position
    as_of: date | None
    #: By kommunkod, without the member's own.
    bands: Mapping[str, list[int]]
    figures: Mapping[str, int]


def publish(session: TenantSession, rules: Rules) -> TransferPublication | None:
    """Tell of the latest quarter that may be told, in the network's session; None if it was.

    A quarter is told once: what was booked into it later is told with a later one.
    """
    as_of = quarter_to_tell(today(), rules)
    last = _last(session)
    if last is not None and last.as_of >= as_of:
        return None
    told = tell(_moves(session), as_of, _told(last), rules)
    return session.save(
        TransferPublication(
            as_of=as_of,
            published_on=today(),
            bands={str(member): list(band) for member, band in told.bands.items()},
            figures=dict(told.figures),
            told={
                "members": _listed(told.by_member),
                "cells": _listed(told.by_cell),
            },
        )
    )


def statements(session: TenantSession, members: Iterable[UUID] = ()) -> list[Statement]:
    """The statement of every member that has a line, and of ``members``, in the network's session."""
    last = _last(session)
    places = dict.fromkeys(members, Position(0, 0)) | positions(session)
    bands = {} if last is None else last.bands
    rows = session.execute(
        select(Tenant.id, Tenant.kommun_code).where(Tenant.id.in_([*map(UUID, bands), *places]))
    )
    codes = {row.id: row.kommun_code for row in rows}
    return [
        Statement(
            member,
            places[member],
            None if last is None else last.as_of,
            {codes[UUID(other)]: band for other, band in bands.items() if UUID(other) != member},
            {} if last is None else last.figures,
        )
        for member in sorted(places)
    ]


def keep_statement(session: TenantSession, network_id: UUID, statement: Statement) -> None:
    """Keep a member's statement in the member's own session; it takes the earlier one's place."""
    if statement.member_id != session.tenant_id:
        raise RuntimeError("a statement is kept with the member that it is given to")
    values: dict[str, Any] = {
        "stated_on": today(),
        "balance": statement.own.balance,
        "reserved": statement.own.reserved,
        "as_of": statement.as_of,
        "bands": dict(statement.bands),
        "figures": dict(statement.figures),
    }
    session.execute(
        insert(TransferStatement)
        .values(tenant_id=session.tenant_id, id=new_id(), network_id=network_id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "network_id"], set_=values)
    )


def _last(session: TenantSession) -> TransferPublication | None:
    return session.scalar(
        select(TransferPublication).order_by(TransferPublication.as_of.desc()).limit(1)
    )


def _moves(session: TenantSession) -> list[Move]:
    """The moves that were booked and not taken back, in an order that tells nothing."""
    entry = TransferLedgerEntry
    lines = session.scalars(select(entry).where(entry.kind.in_(("booked", "reversed")))).all()
    back = {line.move_id for line in lines if line.kind == "reversed"}
    sides: dict[UUID, dict[int, TransferLedgerEntry]] = {}
    for line in lines:
        if line.move_id not in back:
            sides.setdefault(line.move_id, {})[line.amount] = line
    return [
        Move(move, both[-1].member_id, both[1].member_id, both[1].urgency, both[1].recorded_on)
        for move, both in sorted(sides.items())
    ]


def _told(last: TransferPublication | None) -> Told:
    if last is None:
        return Told()
    return Told(
        {UUID(member): (low, high) for member, (low, high) in last.bands.items()},
        last.figures,
        {UUID(key): frozenset(map(UUID, ids)) for key, ids in last.told["members"].items()},
        {key: frozenset(map(UUID, ids)) for key, ids in last.told["cells"].items()},
    )


def _listed(ids: Mapping[Any, frozenset[UUID]]) -> dict[str, list[str]]:
    return {str(key): sorted(map(str, some)) for key, some in ids.items()}
