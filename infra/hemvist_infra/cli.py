"""The command ``hemvist``: one root, a group of commands per subject."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from hemvist_infra import cli_serve
from hemvist_infra.refusals import told_in_a_line

app = typer.Typer(
    help="Hemvist: social housing programmes of Swedish kommuner.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
dev = typer.Typer(help="A whole Hemvist on this machine, for development.", no_args_is_help=True)
app.add_typer(dev, name="dev")

#: Groups of commands and the module whose ``app`` they are.
_GROUPS = {
    "db": "hemvist_infra.cli_db",
    "policy": "hemvist_infra.cli_policy",
    "tenant": "hemvist_infra.cli_tenant",
    "demo": "hemvist_infra.cli_demo",
    "register": "hemvist_infra.cli_register",
    "graphql": "hemvist_infra.cli_graphql",
    "audit": "hemvist_infra.cli_audit",
    "keys": "hemvist_infra.cli_keys",
    "networks": "hemvist_infra.cli_networks",
    "transfers": "hemvist_infra.cli_transfers",
    "retention": "hemvist_infra.cli_retention",
    "figures": "hemvist_infra.cli_figures",
    "events": "hemvist_infra.cli_events",
    "backup": "hemvist_infra.cli_backup",
    "settings": "hemvist_infra.cli_settings",
    "switches": "hemvist_infra.cli_switches",
    "citus": "hemvist_infra.cli_citus",
    "watch": "hemvist_infra.cli_watch",
    "incident": "hemvist_infra.cli_incident",
}
#: Names that a group had before.
_EARLIER = {"tenants": "tenant"}


def _asked_for(arguments: Sequence[str]) -> str:
    """The group that the command line names, or nothing where it names none of them."""
    first = next((word for word in arguments if not word.startswith("-")), "")
    return first if first in (*_GROUPS, *_EARLIER) else ""


# Only the group that was asked for is imported: all of them together take seconds.
_group = _asked_for(sys.argv[1:])
for _name in [_group] if _group else [*_GROUPS, *_EARLIER]:
    _module = _GROUPS[_EARLIER.get(_name, _name)]
    if find_spec(_module) is not None:
        app.add_typer(import_module(_module).app, name=_name, hidden=_name in _EARLIER)
for _command in cli_serve.COMMANDS:
    app.command()(_command)


@dev.command("run")
def dev_run(
    today: Annotated[str, typer.Option(help="The day it shall be, as YYYY-MM-DD.")] = "",
) -> None:
    """Start everything and keep it running until Ctrl-C; the data stay in .local/."""
    from hemvist_infra.dev.supervisor import Supervisor

    Supervisor().run(today)


@dev.command("servers")
def dev_servers() -> None:
    """Start PostgreSQL and Valkey only, print their addresses, and stop them at Ctrl-C."""
    from hemvist_infra.dev.supervisor import run_servers

    run_servers()


@app.command()
def check(
    tenant: Annotated[str, typer.Option(help="The kommun's slug; without one, all.")] = "",
    log: Annotated[bool, typer.Option(help="Look through the audit log's chain too.")] = True,
) -> None:
    """Whether commands, events, money, deadlines and the log hold together; status 1 if not."""
    from hemvist_infra.cli_events import look_through_all

    look_through_all(tenant, log=log)


def main() -> None:
    """Run the command. What a person can mend is told in one line, with exit status 2."""
    with told_in_a_line():
        app()
