"""``hemvist policy versions``: the versions that a kommun works by, installed and its own."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.pack_versions.models import PackVersion
from hemvist.policy import PolicyError
from hemvist.tenancy import Tenant, TenantSession, tenant_session


def versions(
    tenant: Annotated[str, typer.Option(help="Slug of the kommun.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The versions of a kommun's guidelines: where each stands, from when, and how many open cases
    are pinned to it. An asterisk marks the one that a case opened today is judged by."""
    with tenant_session(Audience.WORKER, _tenant_id(tenant)) as session:
        found = [row for pack in _packs(session) for row in _versions(session, pack)]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in found:
        mark = "*" if row["in_force"] else " "
        until = f"-{row['to']}" if row["to"] else ""
        reason = f"  ({row['reason']})" if row["reason"] else ""
        print(
            f"{mark} {row['pack']}  {row['version']}  {row['state']}  from {row['from']}{until}  "
            f"{row['open_cases']} open cases{reason}"
        )


def _packs(session: TenantSession) -> list[str]:
    own = session.scalars(select(PackVersion.pack).distinct())
    return sorted({*adopted_packs(session, today()), *own})


def _versions(session: TenantSession, pack: str) -> list[dict[str, Any]]:
    packs = packs_of(session)
    try:
        current = packs.in_force(pack, today()).version
    except PolicyError:
        current = None
    counted = session.execute(
        select(Case.pack_version, func.count().label("cases"))
        .where(Case.pack == pack, Case.state == "open")
        .group_by(Case.pack_version)
    )
    cases = {row.pack_version: row.cases for row in counted}
    rows = session.scalars(
        select(PackVersion).where(PackVersion.pack == pack).order_by(PackVersion.made_at)
    ).all()
    stored = {row.number: row for row in rows}
    found = [
        _row(pack, one.number, one.state, one.in_force.start, one.in_force.end, stored)
        for one in packs.versions(pack)
    ]
    listed = {row["version"] for row in found}
    found += [
        _row(pack, row.number, row.state, row.in_force_from, row.in_force_to, stored)
        for row in rows
        if row.number not in listed
    ]
    for row in found:
        row["in_force"] = row["version"] == current
        row["open_cases"] = cases.get(row["version"], 0)
    return found


def _row(
    pack: str, number: str, state: str, start: Any, end: Any, stored: dict[str, PackVersion]
) -> dict[str, Any]:
    own = stored.get(number) if state != "installed" else None
    return {
        "pack": pack,
        "version": number,
        "state": state,
        "from": start.isoformat(),
        "to": end.isoformat() if end else None,
        "based_on": own.based_on if own else None,
        "reason": own.reason if own else "",
    }


def _tenant_id(slug: str) -> UUID:
    with Session(engine(Audience.WORKER)) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise HemvistError(f"no kommun {slug[:60]!r} is in the register")
    return found
