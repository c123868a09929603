"""``hemvist transfers``: the clearing of protected moves from the command line.

Exit status 0 when the command did its work; 2 on an instance that does not hold, naming the field.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hemvist.clearing import LEVELS, InstanceError, Plan, clear, instance_from_json
from hemvist_infra.cli_input import fail

#: A country with 100 requests in every kommun is a tenth of it.
MAX_INSTANCE_BYTES = 100_000_000

app = typer.Typer(
    help="Protected moves between kommuner (skyddade flyttar).",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def transfers() -> None:
    """Protected moves between kommuner (skyddade flyttar)."""


@app.command("clear")
def clear_instance(
    instance: Annotated[Path, typer.Option(help="JSON file: municipalities, requests, vacancies.")],
    seed: Annotated[int, typer.Option(help="Lots between equals are drawn from it.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The best plan for an instance, with the certificate that none is better."""
    try:
        plan = clear(instance_from_json(_read(instance)), seed)
    except InstanceError as error:
        fail(f"{instance}: {error}")
    if as_json:
        print(json.dumps(_told(plan), ensure_ascii=False))
        return
    for name, value in plan.objective._asdict().items():
        print(f"{name}  {value}")
    for move in plan.moves:
        print(f"{move.request} -> {move.vacancy}")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_INSTANCE_BYTES + 1)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    if len(content) > MAX_INSTANCE_BYTES:
        fail(f"{file}: larger than {MAX_INSTANCE_BYTES} bytes")
    return content


def _told(plan: Plan) -> dict[str, object]:
    return {
        "objective": list(plan.objective),
        "moves": [list(move) for move in plan.moves],
        "certificate": {"levels": list(LEVELS), **asdict(plan.certificate)},
    }
