"""``hemvist audit``: whether the logs are as they were written. See docs/audit.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.audit import anchors, linking, verifying
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.tenancy import Tenant
from hemvist.tenancy.key_folder import KeysErased
from hemvist_workers import signs

app = typer.Typer(no_args_is_help=True, help="The kommuner's audit logs (loggar).")

Slug = Annotated[str, typer.Option("--tenant", help="The kommun's slug; without one, all of them.")]
#: More findings of one kommun than this are counted and not printed.
_MOST = 200


class _Kommun(NamedTuple):
    tenant_id: UUID
    slug: str


@app.command()
def verify(
    tenant: Slug = "",
    file: Annotated[
        Path | None,
        typer.Option("--anchors", help="Another file with anchors than HEMVIST_AUDIT_ANCHOR_FILE."),
    ] = None,
) -> None:
    """Look through whole logs; a line for each thing changed, removed, put in or moved, then status 1."""
    file, found = file or anchors.anchor_file(), 0
    for one in _chosen(tenant):
        try:
            report = verifying.verify(one.tenant_id, file)
        except KeysErased as erased:
            typer.echo(f"{one.slug}: not looked through: {erased}")
            continue
        found += len(report.findings)
        for finding in report.findings[:_MOST]:
            typer.echo(f"{one.slug}: {_line(finding)}")
        if len(report.findings) > _MOST:
            typer.echo(f"{one.slug}: and {len(report.findings) - _MOST} more")
        typer.echo(f"{one.slug}: {_counted(report)}")
    if file is None:
        typer.echo("No anchors outside the database: HEMVIST_AUDIT_ANCHOR_FILE is not set.")
    if not tenant:
        signs.give(signs.AUDIT, finds=found, seldom=False)
    if found:
        raise typer.Exit(1)


@app.command()
def link(tenant: Slug = "") -> None:
    """Link everything that waits, however old, and tell the anchors outside. For when no worker runs."""
    file = anchors.anchor_file()
    for one in _chosen(tenant):
        try:
            linked = linking.link(one.tenant_id, None)
        except KeysErased:
            continue
        linking.anchor(one.tenant_id, now=True)
        if file is not None:
            anchors.carry_out(one.tenant_id, file)
        typer.echo(f"{one.slug}: {linked.entries} linked")


@app.command("anchors")
def print_anchors(tenant: Slug = "") -> None:
    """Print every anchor, a line each, as in the file: to keep elsewhere."""
    for one in _chosen(tenant):
        for anchor in anchors.in_database(one.tenant_id):
            typer.echo(anchor.line)


def _chosen(slug: str) -> Iterator[_Kommun]:
    with Session(engine(Audience.WORKER)) as session:
        rows = session.execute(select(Tenant.id, Tenant.slug).order_by(Tenant.slug)).all()
    chosen = [_Kommun(*row) for row in rows if slug in ("", row.slug)]
    if not chosen:
        raise HemvistError(f"there is no {slug!r} in the register")
    yield from chosen


def _line(finding: verifying.Finding) -> str:
    place = "" if finding.ordinal is None else f" at {finding.ordinal}"
    entry = "" if finding.entry_id is None else f", entry {finding.entry_id}"
    return f"{finding.kind}{place}{entry}: {finding.told}"


def _counted(report: verifying.Report) -> str:
    outside = "" if report.outside is None else f", {report.outside} outside"
    return (
        f"{report.linked} linked ({report.before} from before), {report.waiting} waiting,"
        f" {report.anchors} anchors{outside}, {len(report.findings)} findings"
    )
