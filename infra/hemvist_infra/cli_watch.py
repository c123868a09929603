"""``hemvist watch``: looks at a running Hemvist from outside, and tells. See docs/telemetry.md."""

from __future__ import annotations

import json
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from hemvist.errors import HemvistError
from hemvist.settings import get_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

app = typer.Typer(no_args_is_help=True, help="How the service is (driftläge), seen from outside.")
_LOOPBACK = {"127.0.0.1", "localhost"}


@app.command()
def run(
    port: Annotated[int, typer.Option(help="Where its page listens.")] = 8090,
    host: Annotated[str, typer.Option(help="Behind TLS wherever it is not this machine.")] = (
        "127.0.0.1"
    ),
    name: Annotated[
        str, typer.Option("--name", help="The host name that a browser reaches the page by.")
    ] = "",
) -> None:
    """Look every HEMVIST_WATCH_EVERY seconds, send metrics, and serve the page to who holds
    HEMVIST_WATCH_TOKEN; until told to stop."""
    # Here, not above: every other command would wait for the portal to be read.
    from hemvist_infra import telemetry
    from hemvist_infra.watching import page
    from hemvist_infra.watching.process import Watch

    settings = get_settings()
    watch = Watch(settings.watch_every)
    token = settings.watch_token.get_secret_value() if settings.watch_token else ""
    hosts = _LOOPBACK | {host} | ({name} if name else set())
    try:
        served = (
            page.page_app(watch.last, token, hosts, https=host not in _LOOPBACK) if token else None
        )
    except page.TokenMissing:
        raise HemvistError("HEMVIST_WATCH_TOKEN must have at least 32 characters") from None
    running = telemetry.start("watch")
    watch.start()
    try:
        if served is None:
            typer.echo("No page: HEMVIST_WATCH_TOKEN is not set. Metrics are sent all the same.")
            _wait()
        else:
            typer.echo(f"The page is at http://{host}:{port}/ (any name, the token as password).")
            _serve(served, host, port)
    finally:
        watch.stop()
        running.flush()


@app.command()
def status(
    whole: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
) -> None:
    """Look once and print what is not well; status 1 if something is wrong."""
    from hemvist_infra.watching import judging
    from hemvist_infra.watching.looking import look
    from hemvist_infra.watching.page import told

    seen = look()
    every = list(judging.lines(seen))
    worst = judging.worst(tuple(line.state for line in every))
    if whole:
        typer.echo(json.dumps(told(seen), indent=1))
    else:
        for line in every:
            if line.state != "ok":
                value = "" if line.value is None else f"  {line.value:g}"
                typer.echo(f"{line.state:8} {line.name}{value}")
        for one in seen.counted:
            if judging.of_kommun(one) != "ok":
                typer.echo(
                    f"{judging.of_kommun(one):8} {one.slug}: {one.outbox} not sent,"
                    f" {one.parked} parked, {one.unhandled} deadlines not handled"
                )
        typer.echo(f"{worst}: {len(every)} lines, {len(seen.counted)} kommuner")
    if worst == "wrong":
        raise typer.Exit(1)


def _serve(served: FastAPI, host: str, port: int) -> None:
    import uvicorn

    for number in (signal.SIGINT, signal.SIGTERM):
        # The server raises it anew when it has ended: what waits is still to be sent then.
        signal.signal(number, lambda *_: None)
    uvicorn.run(served, host=host, port=port, log_config=None, access_log=False)


def _wait() -> None:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    stopping.wait()
