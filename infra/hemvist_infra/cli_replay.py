"""``hemvist policy replay``: every assessment and decision of a kommun asked again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist import audit
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.identity import Actor
from hemvist.replays import service as replays
from hemvist.replays.outcome import Replay, Result
from hemvist.tenancy import Tenant, tenant_session
from hemvist_infra.dev.progress import Step, Steps

_SAID = {
    Result.DIFFERS: "differs",
    Result.VERSION_MISSING: "the version is not installed",
    Result.NOT_KEPT: "from before answers were kept with their facts",
}


def replay(
    tenant: Annotated[str, typer.Option(help="Slug of the kommun.")],
    case: Annotated[
        str | None, typer.Option(help="Number of one case; all when not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask every stored assessment and decision again, under its own version of the pack.

    Exit status 0 when each gave the same answer to the last byte, 2 when not: the lines name them.
    Records from before answers were kept are counted, and no reason for status 2.
    """
    with Steps(Console(stderr=True)).step(f"replaying {tenant}") as step:
        found = list(_replayed(_tenant_id(tenant), case, step))
    wrong = [one for one in found if one.result in (Result.DIFFERS, Result.VERSION_MISSING)]
    if as_json:
        _print_json(found, wrong)
    else:
        _print_lines(found, wrong)
    if wrong:
        raise typer.Exit(2)


def _replayed(tenant_id: UUID, case: str | None, step: Step) -> Iterator[Replay]:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        total = replays.count(session, case)
        done = 0
        for done, one in enumerate(replays.replay_all(session, case), 1):
            step.advance(done, total)
            yield one
        read = session.scalar(select(Case).where(Case.number == case)) if case else None
        # Of one case the log says whose it is; else that the records of all were read.
        audit.record(
            session,
            Actor.system(tenant_id),
            "policy.replay",
            kind="read",
            persons=person_ids(session, read.household_id) if read else (),
            case_id=read.id if read else None,
            details={"records": done},
        )


def _tenant_id(slug: str) -> UUID:
    with Session(engine(Audience.WORKER)) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise HemvistError(f"no kommun {slug[:60]!r} is in the register")
    return found


def _print_json(found: list[Replay], wrong: list[Replay]) -> None:
    print(
        json.dumps(
            {
                "records": len(found),
                "results": dict(sorted(Counter(one.result.value for one in found).items())),
                "wrong": [one.as_json() for one in wrong],
            },
            ensure_ascii=False,
            indent=2,
        )
    )


def _print_lines(found: list[Replay], wrong: list[Replay]) -> None:
    counted = Counter(one.result for one in found)
    print(f"{len(found)} records, {counted[Result.SAME]} with the same answer")
    if counted[Result.NOT_KEPT]:
        print(f"{counted[Result.NOT_KEPT]} {_SAID[Result.NOT_KEPT]}")
    for one in wrong:
        what = ", ".join(difference.value for difference in one.differences)
        print(
            f"{one.case_number}: {one.subject} {one.subject_id} of {one.on}, "
            f"{one.pack} {one.version}: {_SAID[one.result]}{f' ({what})' if what else ''}",
            file=sys.stderr,
        )
