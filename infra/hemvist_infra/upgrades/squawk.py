"""The rules for PostgreSQL in general, by squawk: a program that knows which change needs which lock."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hemvist.errors import HemvistError
from hemvist_infra.upgrades.rendering import Rendered
from hemvist_infra.upgrades.rules import Found

#: What it would have otherwise, and why we do not ask it.
_NOT_ASKED = {
    "ban-drop-column": "ours asks whether the last release names it",
    "ban-drop-table": "ours asks whether the last release names it",
    "ban-drop-not-null": "code that always writes a value goes on doing so",
    "prefer-robust-stmts": "a transaction is done or not; ours asks it of what is outside one",
    "require-timeout-settings": "the runner sets both",
    "require-lock-timeout": "the runner sets it",
    "require-statement-timeout": "the runner sets it",
    "prefer-bigint-over-int": "a matter of taste, held by the models' own tests",
    "prefer-bigint-over-smallint": "a matter of taste",
    "prefer-text-field": "a matter of taste",
    "prefer-identity": "there are no sequences",
    "prefer-timestamptz": "held by the models",
}
#: The oldest PostgreSQL that is supported.
_OLDEST = "15.0"


def program() -> str:
    """Where squawk is: beside our own Python, or on the path. Raises ``HemvistError`` without it."""
    beside = Path(sys.executable).with_name("squawk")
    found = str(beside) if beside.exists() else shutil.which("squawk")
    if found is None:
        raise HemvistError("squawk is missing: make install brings it (the package squawk-cli)")
    return found


def found(rendered: dict[str, Rendered]) -> dict[str, list[Found]]:
    """What it has against each migration, by revision."""
    within = {name: one.within for name, one in rendered.items() if one.within}
    outside = {name: one.outside for name, one in rendered.items() if one.outside}
    answers: dict[str, list[Found]] = {name: [] for name in rendered}
    for statements, how in (
        (within, "--assume-in-transaction"),
        (outside, "--no-assume-in-transaction"),
    ):
        for name, said in _asked(statements, how):
            if said not in answers[name]:
                answers[name].append(said)
    return answers


def _asked(migrations: dict[str, list[str]], how: str) -> list[tuple[str, Found]]:
    if not migrations:
        return []
    command = [program(), "--reporter", "json", "--pg-version", _OLDEST, how]
    command += ["--exclude", ",".join(_NOT_ASKED)]
    with tempfile.TemporaryDirectory(prefix="hemvist-lint-") as folder:
        for name, statements in migrations.items():
            file = Path(folder) / f"{name}.sql"
            file.write_text(";\n".join(statements) + ";\n")
            command.append(str(file))
        ran = subprocess.run(  # noqa: S603 - a program of the development tools, as a list
            command, capture_output=True, text=True, check=False, timeout=120
        )
    try:
        said = json.loads(ran.stdout)
    except ValueError:
        raise HemvistError(f"squawk could not read the migrations: {ran.stderr[:200]}") from None
    return [(Path(one["file"]).stem, (one["rule_name"], _line(one["message"]))) for one in said]


def _line(message: str) -> str:
    return re.sub(r"\s+", " ", message)
