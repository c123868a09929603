"""``hemvist incident``: by when an incident of the service must be reported. See docs/incidents.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from hemvist.clock import SWEDISH_TIME, real_now
from hemvist.settings import get_settings
from hemvist_infra.incident_clocks import Due, Incident, IncidentProblem, Kept, due

app = typer.Typer(
    no_args_is_help=True, help="Clocks of incidents of the service (incidentrapportering)."
)

Id = Annotated[str, typer.Argument(help="The incident, as in 2026-1.")]
#: A clock that ends within this is said to.
_SOON = timedelta(hours=6)


@app.command()
def start(
    ticket: Annotated[str, typer.Option(help="A code or a ticket's number: kept, no text.")],
    found: Annotated[
        str, typer.Option(help="When it was found, Swedish time, as 2026-11-23T08:15; else now.")
    ] = "",
    significant: Annotated[
        bool, typer.Option(help="Betydande, or nobody knows yet: the law's clocks run.")
    ] = True,
    personal: Annotated[
        bool, typer.Option(help="Personal data are concerned, or nobody knows yet.")
    ] = True,
    tenant: Annotated[
        list[str] | None, typer.Option(help="A kommun's slug; several times for several.")
    ] = None,
) -> None:
    """Begin an incident and print its checklist: what is due when, to whom, and what must be in it."""
    at = real_now()
    one = _kept().start(
        _moment(found) or at,
        ticket,
        significant=significant,
        personal=personal,
        kommuner=tuple(tenant or ()),
        at=at,
    )
    _checklist(one, at)


@app.command("list")
def show(
    every: Annotated[bool, typer.Option("--all", help="Those that are closed too.")] = False,
) -> None:
    """Every open incident with its clocks; status 1 if one has ended and nothing was sent."""
    at, over = real_now(), 0
    shown = [one for one in _kept().all() if every or one.closed is None]
    for one in shown:
        typer.echo(_heading(one))
        for clock in due(one):
            over += clock.state(at) == "over" and one.closed is None
            typer.echo(f"  {_line(clock, at)}")
    if not shown:
        typer.echo("No incidents.")
    if over:
        raise typer.Exit(1)


@app.command()
def checklist(incident: Id) -> None:
    """What is due when, to whom, and what must be in it."""
    _checklist(_kept().one(incident), real_now())


@app.command()
def judge(
    incident: Id,
    significant: Annotated[bool | None, typer.Option(help="Whether it is betydande.")] = None,
    personal: Annotated[
        bool | None, typer.Option(help="Whether personal data are concerned.")
    ] = None,
) -> None:
    """Say what has become known since; clocks are counted from when it was found all the same."""
    if significant is None and personal is None:
        raise IncidentProblem("say --significant, --personal or one of them with no-")
    at = real_now()
    _checklist(_kept().judge(incident, significant=significant, personal=personal, at=at), at)


@app.command()
def tick(
    incident: Id,
    clock: Annotated[
        str, typer.Argument(help="kommuner, warning, notification, personal or report.")
    ],
    sent: Annotated[str, typer.Option(help="When it was sent, Swedish time; else now.")] = "",
) -> None:
    """Say that a report was sent."""
    at = real_now()
    one = _kept().tick(incident, clock, _moment(sent) or at, at)
    typer.echo(_heading(one))
    for each in due(one):
        typer.echo(f"  {_line(each, at)}")


@app.command()
def close(incident: Id) -> None:
    """Nothing more is to be reported of it."""
    one = _kept().close(incident, real_now())
    left = [each.clock.name for each in due(one) if each.sent is None]
    typer.echo(
        f"{one.id} is closed" + (f"; never sent: {', '.join(left)}" if left else "; all was sent")
    )


def _checklist(one: Incident, at: datetime) -> None:
    typer.echo(_heading(one))
    for clock in due(one):
        typer.echo(f"\n[{'x' if clock.sent else ' '}] {_line(clock, at)}")
        typer.echo(f"    to      {clock.clock.to}")
        typer.echo(f"    ground  {clock.clock.ground}")
        for what in clock.clock.contents:
            typer.echo(f"    - {what}")
    typer.echo(f"\nWhen it was sent: hemvist incident tick {one.id} CLOCK")


def _heading(one: Incident) -> str:
    said = [
        f"{one.id}  {one.ticket}  found {_local(one.found)}",
        "significant" if one.significant else "not significant",
        "personal data" if one.personal else "no personal data",
        ", ".join(one.kommuner) or "no kommun named",
    ]
    return "  ".join(said) + (f"  closed {_local(one.closed)}" if one.closed else "")


def _line(one: Due, at: datetime) -> str:
    state, by = one.state(at), _local(one.by)
    if one.sent is not None:
        told = f"sent {_local(one.sent)}" + (", LATE" if state == "late" else "")
    elif state == "over":
        told = f"OVER for {_span(at - one.by)}: nothing was sent"
    else:
        left = one.by - at
        told = f"{_span(left)} left" + ("  SOON" if left < _SOON else "")
    return f"{one.clock.name:12} by {by} ({one.clock.within})  {told}"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f"{minutes // 1440} d {minutes % 1440 // 60} h"
    return f"{minutes // 60} h {minutes % 60:02} min"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(SWEDISH_TIME):%Y-%m-%d %H:%M %Z}"


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise IncidentProblem(f"{written!r} is no moment: write it as 2026-11-23T08:15") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=SWEDISH_TIME)


def _kept() -> Kept:
    return Kept(Path(get_settings().require("incident_file")))
