"""``hemvist backup``: backups of the database, restoring, and the drill. See docs/backups.md."""

from __future__ import annotations

import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from hemvist.clock import real_now
from hemvist.settings import get_settings
from hemvist_infra.backups import base as bases
from hemvist_infra.backups import boxes, restoring
from hemvist_infra.backups.checking import check
from hemvist_infra.backups.drill import Drill, Outcome, Plan
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.receiving import Receiver
from hemvist_infra.backups.releasing import release as release_restored
from hemvist_infra.backups.store import Store

app = typer.Typer(
    no_args_is_help=True, help="Backups (säkerhetskopior), and proving that they restore."
)

PrivateKey = Annotated[
    Path, typer.Option("--key", help="File with the private half of the backups' key.")
]
Into = Annotated[Path, typer.Option("--into", help="Empty folder to restore into.")]
To = Annotated[
    str, typer.Option("--to", help="Moment to restore to, as 2026-11-22T20:15:00Z; else the last.")
]


@app.command()
def key(out: Annotated[Path, typer.Option(help="File to write the private half to.")]) -> None:
    """Make the key pair that backups are sealed to. Keep the private half where no backup is."""
    public = boxes.make_keys(out)
    typer.echo(f"The private half is in {out}: keep it apart, and never beside the backups.")
    typer.echo(f"The public half is in {public}: HEMVIST_BACKUP_PUBLIC_KEY.")


@app.command()
def archive() -> None:
    """Receive the write-ahead log and seal it into the folder, until told to stop."""
    settings, store = get_settings(), _store()
    receiver = Receiver(
        store,
        settings.backup_spool or store.path.with_name(f"{store.path.name}-spool"),
        settings.require("backup_url"),
        _public(),
        every=settings.backup_every,
        report=_say,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: receiver.stop())
    running = None
    if settings.otlp_endpoint:
        # Where the watch cannot see the folder, it is told of from here.
        from hemvist_infra import telemetry
        from hemvist_infra.watching import looking, telling

        running = telemetry.start("backup")
        telling.observe_backups(lambda: looking.look_at_backups(store))
    try:
        receiver.run()
    finally:
        if running is not None:
            running.flush()


@app.command()
def base() -> None:
    """Take a base backup; needs `hemvist backup archive` to run."""
    made = bases.take(_store(), get_settings().require("backup_url"), _public())
    took = (made.done - made.begun).total_seconds()
    typer.echo(
        f"{made.id}: {made.size / 1e6:.1f} MB in {took:.1f} s,"
        f" {sum(made.rows.values())} rows in {len(made.rows)} tables"
    )


@app.command("list")
def show() -> None:
    """The base backups, what of the log follows on each, and how far the log has come."""
    store = _store()
    for one in store.bases():
        there = store.since(one)
        typer.echo(
            f"{one.id}  {one.size / 1e6:>10.1f} MB  {len(there):>5} segments"
            f"  migration {one.revision}  key {one.key}"
        )
    received = store.received()
    if received is None:
        typer.echo("The log was never received.")
    else:
        typer.echo(f"The log is here up to {received.place}, as of {received.at.isoformat()}.")


@app.command()
def verify(
    private: Annotated[
        Path | None,
        typer.Option("--key", help="The private half: every file is opened as well."),
    ] = None,
) -> None:
    """Look through the folder: every file there and as it was written, the log without a gap, and new
    enough; a line for each find, then status 1."""
    settings, store, found, looked = get_settings(), _store(), 0, 0
    opening = None if private is None else boxes.read_private(private)
    for one in store.bases():
        looked += 1
        for line in check(store, one, opening):
            found += 1
            typer.echo(f"{one.id}: {line}")
    received = store.received()
    if not looked:
        typer.echo("There is no base backup: hemvist backup base")
        found += 1
    if received is None or _age(received.at) > settings.backup_point:
        typer.echo(
            "The log was never received."
            if received is None
            else f"The log is {_age(received.at):.0f} s behind; {settings.backup_point:.0f} s are"
            " promised: is `hemvist backup archive` running?"
        )
        found += 1
    typer.echo(f"{looked} base backups, {found} finds")
    if found:
        raise typer.Exit(1)


@app.command()
def prune(
    days: Annotated[
        int | None, typer.Option(help="Days to keep; HEMVIST_BACKUP_DAYS if not given.")
    ] = None,
) -> None:
    """Remove base backups that are too old, and the log that none needs; the newest always stays."""
    settings, store = get_settings(), _store()
    kept = settings.backup_days if days is None else days
    for line in store.prune(kept):
        typer.echo(f"removed {line}")
    left = store.bases()
    if left and left[0].begun < real_now() - timedelta(days=kept):
        raise BackupProblem(
            f"base backup {left[0].id} is older than {kept} days and the only one: take another"
        )


@app.command()
def restore(into: Into, private: PrivateKey, to: To = "") -> None:
    """Make a data folder of the newest base backup and the log since; starts nothing. See docs/backups.md."""
    laid = restoring.lay_out(
        _store(), boxes.read_private(private), into, to=_moment(to), report=_say
    )
    typer.echo(
        f"{laid.data} is ready for PostgreSQL {laid.base.server_version // 10_000}; keep {into / 'wal'}"
        " until it has started once. Workers send nothing until: hemvist backup release"
    )


@app.command()
def drill(
    into: Into,
    private: PrivateKey,
    to: To = "",
    lost: Annotated[
        str, typer.Option("--lost", help="When the source was lost; now, if not given.")
    ] = "",
    thinned: Annotated[
        Path | None,
        typer.Option(help="Folder with the lists of what was thinned; else HEMVIST_THINNED_DIR."),
    ] = None,
) -> None:
    """Restore into a new instance, prove what came back, measure; status 1 on any find."""
    settings = get_settings()
    plan = Plan(
        _store(),
        boxes.read_private(private),
        into,
        to=_moment(to),
        lost=_moment(lost),
        source=settings.backup_url,
        anchors=settings.audit_anchor_file,
        thinned=thinned or settings.thinned_dir,
        point=settings.backup_point,
    )
    outcome = Drill(plan, _say).run()
    _tell(outcome)
    if outcome.findings:
        raise typer.Exit(1)


@app.command()
def release(
    superuser: Annotated[
        str, typer.Option("--as", help="A superuser's URL on the restored server.")
    ],
) -> None:
    """Let a restored service go on: ends every login, then lets workers send again."""
    ended = release_restored(superuser)
    typer.echo(f"{ended} logins are ended; workers send again within ten seconds.")


def _tell(outcome: Outcome) -> None:
    for name, seconds in outcome.seconds.items():
        typer.echo(f"{name} in {seconds:.1f} s")
    typer.echo(f"recovery time: {outcome.restored_in:.1f} s until it takes connections")
    if outcome.lost_seconds is not None:
        typer.echo(f"recovery point: {outcome.lost_seconds:.1f} s before the loss")
    typer.echo(outcome.last_line)


def _say(line: str) -> None:
    typer.echo(line)


def _store() -> Store:
    return Store(Path(get_settings().require("backup_folder")))


def _public() -> X25519PublicKey:
    return boxes.read_public(Path(get_settings().require("backup_public_key")))


def _age(moment: datetime) -> float:
    return (real_now() - moment).total_seconds()


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(written)
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    raise BackupProblem(f"{written!r} is no moment: write it as 2026-11-22T20:15:00Z")
