"""Reading the settings when a process starts: every fault at once, none with a secret's value."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Self

from pydantic import ValidationError, model_validator

from hemvist.settings.combinations import combined, missing
from hemvist.settings.faults import Fault, WrongSettings
from hemvist.settings.fields import Process, about, variable
from hemvist.settings.files import SUFFIX, file_faults
from hemvist.settings.model import Settings
from hemvist.settings.names import mistyped, strange
from hemvist.settings.rules import rule


class _Apart(Settings):
    """The fields alone: what they must be together is asked afterwards, of those that hold."""

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        return self


def read_settings(process: Process | None = None) -> Settings:
    """The settings as the environment has them now; those that ``process`` needs are there.

    Raises ``WrongSettings`` with every fault.
    """
    found = [*mistyped(os.environ), *_faults(process)]
    if found:
        raise WrongSettings(found)
    return Settings()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once. Raises ``WrongSettings``."""
    return read_settings()


def begin(process: Process) -> Settings:
    """The settings of a process that starts: refused with all that is wrong, and what nobody reads
    is told of on stderr. Raises ``WrongSettings``.
    """
    settings = read_settings(process)
    for line in strange(os.environ):
        print(f"hemvist: {line}", file=sys.stderr)
    return settings


def _faults(process: Process | None) -> Iterator[Fault]:
    wrong: dict[str, Fault] = {}
    try:
        settings = _Apart()
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            wrong.setdefault(name, Fault.of(_refused(name, one["input"], os.environ), name))
        settings = _Apart(**{name: _default(name) for name in wrong})
    yield from wrong.values()
    together = [*file_faults(os.environ, Settings), *combined(settings)]
    if process is not None:
        together += missing(settings, process)
    told = set(wrong)
    for fault in together:
        if not fault.names & told:
            yield fault
            # A file that does not hold is not also a setting that is missing.
            told |= fault.names if len(fault.names) == 1 else set()


def _default(name: str) -> Any:
    return Settings.model_fields[name].default


def _refused(name: str, value: object, environment: Mapping[str, str]) -> str:
    field = Settings.model_fields[name]
    known, must = about(field), rule(field)
    if environment.get(variable(name)) is None and environment.get(variable(name) + SUFFIX):
        return f"{variable(name)}{SUFFIX}: what the file holds (not shown) is not {must}"
    shown = "the value (not shown)" if known.secret else repr(str(value)[:100])
    example = f" For example {variable(name)}={known.example}" if known.example else ""
    return f"{variable(name)}: {shown} is not {must}.{example}"
