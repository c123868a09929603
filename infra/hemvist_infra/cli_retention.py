"""``hemvist retention``: how long cases are kept, what a thinning did, packages for the e-archive.

Proposing and approving a thinning are acts of two people of the kommun, so no command does either.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist import audit
from hemvist.cases.journal import person_ids
from hemvist.clock import today
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError, NotFound
from hemvist.identity import Actor
from hemvist.migrations.tables import metadata
from hemvist.retention import archiving, certificate, repeating, sip
from hemvist.retention import references as lists
from hemvist.retention.models import ThinningRun
from hemvist.tenancy import Tenant, tenant_session

app = typer.Typer(no_args_is_help=True, help="How long cases are kept (bevarande och gallring).")

Kommun = Annotated[str, typer.Option("--tenant", help="Slug of the kommun.")]
Run = Annotated[str, typer.Option("--run", help="Id of the thinning.")]


@app.command("date")
def show_date(
    tenant: Kommun,
    case: Annotated[str, typer.Option(help="Number of a closed case.")],
    on: Annotated[str, typer.Option(help="The day it is judged on; today if not given.")] = "",
) -> None:
    """From which day a case is thinned, or why it is kept; with the rule and its source."""
    day = _day(on)
    with tenant_session(Audience.WORKER, _tenant_id(tenant)) as session:
        judged, found = archiving.judged(session, case, day)
        # The rule tells of who lives there: a child that was placed, a day of birth.
        audit.record(
            session,
            Actor.system(session.tenant_id),
            "retention.date",
            kind="read",
            persons=person_ids(session, judged.household_id),
            case_id=judged.id,
        )
    typer.echo(f"{found.fate}: {found.rule} ({'; '.join(found.cite)})")
    if found.due is not None:
        typer.echo(f"due on {found.due}, done by {found.done_by}")


@app.command()
def runs(tenant: Kommun) -> None:
    """The kommun's thinnings, the latest first: state, cases, and until when backups may hold them."""
    with tenant_session(Audience.WORKER, _tenant_id(tenant)) as session:
        found = session.scalars(select(ThinningRun).order_by(ThinningRun.proposed_at.desc())).all()
        for one in found:
            until = "" if one.backups_until is None else f", in backups until {one.backups_until}"
            typer.echo(
                f"{one.id}  {one.on_day}  {one.state}  {one.cases_done} of {one.cases_total}{until}"
            )


@app.command("certificate")
def show_certificate(tenant: Kommun, run: Run) -> None:
    """A thinning's certificate as JSON. Exit status 1 when it is not as it was written."""
    with tenant_session(Audience.WORKER, _tenant_id(tenant)) as session:
        found = session.find(ThinningRun, _id(run))
        if found.certificate is None:
            raise HemvistError("the thinning has not been carried out")
        document, digest = found.certificate, found.certificate_sha256
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    if certificate.digest(document) != digest:
        typer.echo("the certificate is not as it was written", err=True)
        raise typer.Exit(1)


@app.command("references")
def write_references(
    out: Annotated[Path, typer.Option(help="Folder in which each thinning gets its file.")],
    tenant: Annotated[str, typer.Option("--tenant", help="Only this kommun's.")] = "",
) -> None:
    """Lists of what thinnings took, of those that a backup may still hold: to be kept beside the backups.

    Ids in clear, numbers and people sealed: they open with the kommun's keys only. ``repeat`` reads them.
    """
    for tenant_id in [_tenant_id(tenant)] if tenant else _every_tenant():
        for path in lists.write_every(tenant_id, out):
            typer.echo(str(path))


@app.command("repeat")
def repeat_thinnings(
    folder: Annotated[Path, typer.Option("--from", help="Folder that references were written to.")],
) -> None:
    """Thin a restored backup anew: what was thinned since it was taken goes again, in every kommun.

    To be done before anybody is let in. Done twice it comes to the same. Exit status 1 where a case is
    left, with the reason.
    """
    if not folder.is_dir():
        raise HemvistError(f"{folder}: no such folder")
    left = 0
    for one in repeating.repeat(folder, metadata):
        reasons = ", ".join(f"{count} {why}" for why, count in sorted(one.left.items()))
        left += sum(one.left.values())
        typer.echo(
            f"{one.run_id}: {one.thinned} thinned, {one.gone_already} not there"
            + (f", left: {reasons}" if reasons else "")
        )
    if left:
        raise typer.Exit(1)


@app.command("package")
def make_package(
    tenant: Kommun,
    case: Annotated[str, typer.Option(help="Number of a closed case that is kept.")],
    out: Annotated[Path, typer.Option(help="Folder in which the package's own folder is made.")],
    matter: Annotated[
        str, typer.Option(help="Number of the matter it is made for; stands in the log.")
    ],
) -> None:
    """A package of a kept case for the e-archive (E-ARK SIP). It holds everything in clear: give it to
    nobody but the archive."""
    made = archiving.package(_tenant_id(tenant), case, metadata, matter=matter)
    try:
        root = sip.write(out, made.about, made.files)
    except OSError as wrong:
        raise HemvistError(f"{wrong.filename}: {wrong.strerror}") from None
    typer.echo(f"{len(made.files)} files in {root}")


def _tenant_id(slug: str) -> UUID:
    with Session(engine(Audience.WORKER)) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise HemvistError(f"no kommun {slug!r} in the register")
    return found


def _every_tenant() -> list[UUID]:
    with Session(engine(Audience.WORKER)) as session:
        return list(session.scalars(select(Tenant.id).order_by(Tenant.slug)))


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("ThinningRun") from None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written) if written else today()
    except ValueError:
        raise HemvistError(f"{written!r} is no day: write it as 2026-11-22") from None
