"""What is said of a setting (inställning) beside its value, and how one is declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

PREFIX = "HEMVIST_"


class Process(StrEnum):
    """A kind of process. The ones that run a service are web, worker and beat."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    #: ``hemvist`` on the command line: migrations, keys, audits, kommuner, backups.
    CLI = "cli"
    #: ``make run``: all of them on one machine, with servers of its own. Never in production.
    DEV = "dev"


WEB, WORKER, BEAT, CLI, DEV = Process
#: Those that open the database.
ASKING = (WEB, WORKER, CLI)
EVERY = (WEB, WORKER, BEAT, CLI, DEV)


@dataclass(frozen=True, slots=True)
class About:
    """What the generated page and a refusal say of a setting."""

    unit: str
    read_by: tuple[Process, ...]
    #: Processes that do not start without it in production.
    needed_by: tuple[Process, ...]
    #: Its value is never shown, and may be given by a file (``HEMVIST_NAME_FILE``).
    secret: bool
    example: str
    #: What a value must be, in words, where its type does not say it.
    rule: str


def setting(
    default: Any,
    description: str,
    *,
    unit: str = "",
    read_by: tuple[Process, ...] = (WEB,),
    needed_by: tuple[Process, ...] = (),
    secret: bool = False,
    example: str = "",
    rule: str = "",
    **bounds: Any,
) -> Any:
    """A field of a settings model: its default, what it is for, and who reads it.

    ``bounds`` are pydantic's (``ge``, ``le``, ``gt``, ``min_length``). ``example`` is a value that
    may be set; without one the default is shown. ``rule`` says what a ``pattern`` asks for.
    """
    shown = example or ("" if default is None else str(default))
    about = About(unit, read_by, needed_by, secret, shown, rule)
    # Pydantic's type for what is kept beside a field knows only JSON; it keeps whatever it is given.
    beside: Any = {"about": about}
    return Field(default=default, description=description, json_schema_extra=beside, **bounds)


def about(field: FieldInfo) -> About:
    """What ``setting`` was told. Raises ``TypeError`` for a field that was declared otherwise."""
    extra = field.json_schema_extra
    told = extra.get("about") if isinstance(extra, dict) else None
    if not isinstance(told, About):
        raise TypeError("declare settings with hemvist.settings.fields.setting")
    return told


def variable(name: str) -> str:
    """The environment variable of the field ``name``."""
    return PREFIX + name.upper()
