"""``hemvist tenant``: the life of a kommun on this installation, from its first file to its last.

What is more than a few lines has a module of its own beside this one, whose commands join these.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer
from rich.console import Console
from rich.table import Table

from hemvist_infra.onboarding import onboard_all, set_status
from hemvist_infra.tenant_life.overview import standings
from hemvist_tenants import load_tenants

app = typer.Typer(no_args_is_help=True, help="The kommuner of this installation.")

#: Modules whose ``app`` holds further commands of this group.
_PARTS = (
    "hemvist_infra.cli_tenant_create",
    "hemvist_infra.cli_tenant_export",
    "hemvist_infra.cli_tenant_import",
    "hemvist_infra.cli_tenant_erase",
)
for _module in _PARTS:
    if find_spec(_module) is not None:
        app.add_typer(import_module(_module).app)


@app.command("list")
def show() -> None:
    """The kommuner that have a file, each file checked while it is read."""
    table = Table("slug", "kommun", "code", "departments", "issuers", box=None)
    for slug, tenant in load_tenants().items():
        departments = ", ".join(department.code for department in tenant.departments)
        environments = sorted({e for issuer in tenant.issuers for e in issuer.environments})
        table.add_row(slug, tenant.name, tenant.kommun_code, departments, ", ".join(environments))
    Console().print(table)


@app.command()
def status() -> None:
    """How each kommun of the register stands: open or not, file, keys, guidelines, administrator."""
    table = Table("slug", "status", "file", "keys", "guidelines", "administrator", box=None)
    for one in standings():
        table.add_row(
            one.slug,
            one.status,
            "yes" if one.file else "none",
            one.keys,
            str(one.guidelines),
            "has logged in" if one.administrator else "not yet",
        )
    Console().print(table)


@app.command("onboard")
def enter() -> None:
    """Enter every file's kommun in the register, or bring it up to date: after a change of files."""
    typer.echo(f"In the register: {', '.join(onboard_all())}.")


@app.command()
def suspend(slug: str) -> None:
    """Shut a kommun for now: nobody gets in, nothing goes out, every row stays as it is."""
    set_status(slug, "suspended")
    typer.echo(
        f"{slug} is suspended: its staff, programs and landlords are shut out from the next request on,"
        " workers begin nothing more in it, and its data stay."
    )


@app.command()
def resume(slug: str) -> None:
    """Open a suspended or closed kommun again; what time has brought about meanwhile is taken up."""
    set_status(slug, "active")
    typer.echo(f"{slug} is open: for its staff, and for the landlords that it has a door open for.")


@app.command()
def close(slug: str) -> None:
    """A kommun that has left the platform: shut for good. See hemvist tenant export and erase."""
    set_status(slug, "closed")
    typer.echo(f"{slug} is closed.")
