"""What a run needs in the database before it serves, and what it says when it does."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from hemvist_infra.database import migrate
from hemvist_infra.dev.progress import Steps


def prepare(steps: Steps) -> None:
    """Bring the schema up to date and, in an empty database, fill in the demo kommuner."""
    with steps.step("migrating the database"):
        migrate()
    if find_spec("hemvist_infra.demo") is not None:
        demo = import_module("hemvist_infra.demo")
        with steps.step("demo kommuner and households") as step:
            demo.seed(step.advance)


def welcome(address: str) -> str:
    """Where it answers and who can log in."""
    lines = ["", f"Hemvist answers on {address}   (Ctrl-C stops it)"]
    if find_spec("hemvist_infra.demo") is not None:
        demo = import_module("hemvist_infra.demo")
        lines += ["Demo logins:", *(f"  {login}" for login in demo.logins())]
    return "\n".join(lines) + "\n"
