"""``hemvist register``: a register of protected persons to ask, served from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hemvist.errors import HemvistError
from hemvist.registers import NoAnswer
from hemvist.registers.files import read
from hemvist.settings import get_settings
from hemvist_infra.register_service import RegisterServer

app = typer.Typer(
    no_args_is_help=True, help="The register that people's protection is looked up in."
)

_FILE = Annotated[Path, typer.Argument(help="A file with Navet's term codes.", dir_okay=False)]


@app.command()
def check(file: _FILE) -> None:
    """Read a file and tell how many posts of each level it has, and of which day."""
    try:
        found = read(file.read_bytes().decode("latin-1").splitlines(), left_out_means_no=False)
    except NoAnswer as nothing:
        raise HemvistError(f"{file.name} answers nothing: {nothing.code}") from nothing
    except OSError as error:
        raise HemvistError(f"{file.name} cannot be read") from error
    levels = [answer.level for answer in found.values()]
    for level in sorted(set(levels)):
        typer.echo(f"{level}: {levels.count(level)}")
    typer.echo(f"{len(found)} posts that tell a level")


@app.command()
def serve(
    file: _FILE,
    port: Annotated[int, typer.Option(help="Where it listens.")] = 8009,
    host: Annotated[str, typer.Option(help="Behind TLS wherever it is not this machine.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Answer over HTTP from a file, for those who hold HEMVIST_REGISTER_TOKEN; until Ctrl-C."""
    token = get_settings().require("register_token")
    if not file.is_file():
        raise HemvistError(f"{file} is no file")
    server = RegisterServer(file, token, host=host, port=port)
    typer.echo(f"The register answers at {server.address}; Ctrl-C stops it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo("Stopped.")
    finally:
        server.server_close()
