"""``hemvist events``: what is parked, and what becomes of it; ``hemvist check``. See docs/faults.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.audit import anchors
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.outbox import parking
from hemvist.tenancy import Tenant, tenant_session
from hemvist_infra import soundness
from hemvist_workers import parked as deciding
from hemvist_workers import signs

app = typer.Typer(no_args_is_help=True, help="Events that could not be handled (undanlagda).")

Slug = Annotated[str, typer.Option("--tenant", help="The kommun's slug; without one, all of them.")]
Kommun = Annotated[str, typer.Option("--tenant", help="The kommun's slug.")]
#: More findings of one kommun than this are counted and not printed.
_MOST = 200


class _Tenant(NamedTuple):
    tenant_id: UUID
    slug: str
    kind: str


@app.command("parked")
def list_parked(tenant: Slug = "") -> None:
    """What is parked: event, handler, type, since when, attempts and kind of error; status 1 if any is."""
    found = 0
    for one in _chosen(tenant):
        with tenant_session(Audience.WORKER, one.tenant_id) as session:
            rows = parking.parked(session)
        found += len(rows)
        for row in rows:
            typer.echo(
                f"{one.slug}  {row.event_id}  {row.handler}  {row.type}"
                f"  {row.parked_at:%Y-%m-%d %H:%M}Z  {row.attempts}  {row.error}"
            )
    if found:
        raise typer.Exit(1)
    typer.echo("Nothing is parked.")


@app.command()
def release(
    tenant: Kommun,
    event: Annotated[
        str, typer.Argument(help="The event's id; without one, all of the kommun.")
    ] = "",
) -> None:
    """Let parked events go out again, after a repair."""
    (one,) = _chosen(tenant)
    with tenant_session(Audience.WORKER, one.tenant_id) as session:
        ids = [_event(event)] if event else [row.event_id for row in parking.parked(session)]
        for event_id in dict.fromkeys(ids):
            handlers = deciding.release(session, event_id)
            typer.echo(f"{event_id} goes out again to {', '.join(handlers)}")
    if not ids:
        typer.echo("Nothing is parked.")


@app.command()
def discard(
    tenant: Kommun,
    event: Annotated[str, typer.Argument(help="The event's id.")],
    reason: Annotated[str, typer.Option(help="A code or a ticket's number: kept in the log.")],
) -> None:
    """Let a parked event never be handled by those that it is parked for."""
    (one,) = _chosen(tenant)
    with tenant_session(Audience.WORKER, one.tenant_id) as session:
        handlers = deciding.discard(session, _event(event), reason)
    typer.echo(f"{event} is never handled by {', '.join(handlers)}")


def look_through_all(slug: str, *, log: bool) -> None:
    """``hemvist check``: a line for each finding, a line of counts for each kommun; status 1 if any."""
    found = 0
    for one in _chosen(slug):
        report = soundness.look_through(
            one.tenant_id, one.kind, log=log, anchors=anchors.anchor_file()
        )
        found += len(report.findings)
        for finding in report.findings[:_MOST]:
            typer.echo(f"{one.slug}: {finding.line}")
        if len(report.findings) > _MOST:
            typer.echo(f"{one.slug}: and {len(report.findings) - _MOST} more")
        typer.echo(f"{one.slug}: {report.line}")
    if not slug:
        signs.give(signs.CHECK, finds=found, seldom=False)
    if found:
        raise typer.Exit(1)


def _chosen(slug: str) -> Iterator[_Tenant]:
    with Session(engine(Audience.WORKER)) as session:
        rows = session.execute(select(Tenant.id, Tenant.slug, Tenant.kind).order_by(Tenant.slug))
        chosen = [_Tenant(*row) for row in rows if slug in ("", row.slug)]
    if not chosen:
        raise HemvistError(f"there is no {slug!r} in the register")
    yield from chosen


def _event(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise HemvistError(f"{text!r} is no event's id") from None
