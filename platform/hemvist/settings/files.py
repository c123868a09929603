"""Secrets by file (hemligheter i filer): ``HEMVIST_NAME_FILE`` names the file that holds a value.

What mounts secrets (Docker, Kubernetes, systemd) does so as files, which do not stand in a process's
environment for everybody on the machine to read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from hemvist.settings.faults import Fault
from hemvist.settings.fields import about, variable

SUFFIX = "_FILE"
#: Bytes; what is longer is no secret of ours but a file named by mistake.
_LONGEST = 16_384


def by_file(model: type[BaseSettings]) -> list[str]:
    """The fields whose value may be given by a file: the secret ones."""
    return [name for name, field in model.model_fields.items() if about(field).secret]


class FileSource(PydanticBaseSettingsSource):
    """The settings that variables ending in ``_FILE`` name files of."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of one field, its name, and that it is no JSON."""
        return _value(os.environ, field_name)[0], field_name, False

    def __call__(self) -> dict[str, Any]:
        """Those that can be read; of the others ``file_faults`` tells."""
        found = {name: _value(os.environ, name)[0] for name in by_file(self.settings_cls)}
        return {name: value for name, value in found.items() if value is not None}


def file_faults(environment: Mapping[str, str], model: type[BaseSettings]) -> Iterator[Fault]:
    """What is wrong with the files that ``environment`` names, and with naming them."""
    for name in by_file(model):
        given = variable(name) + SUFFIX
        if environment.get(given) and environment.get(variable(name)):
            yield Fault.of(f"{given} and {variable(name)} are both set: unset one of them", name)
        elif problem := _value(environment, name)[1]:
            yield Fault.of(f"{given}: {problem}", name)


def _value(environment: Mapping[str, str], name: str) -> tuple[str | None, str]:
    """What the file of a field holds, or why it holds nothing."""
    given = environment.get(variable(name) + SUFFIX, "")
    if not given:
        return None, ""
    try:
        with Path(given).open("rb") as file:
            held = file.read(_LONGEST + 1)
    except OSError as error:
        return None, f"{given} cannot be read ({error.strerror})"
    if len(held) > _LONGEST:
        return None, f"{given} is longer than a secret is"
    try:
        text = held.decode().strip()
    except UnicodeDecodeError:
        return None, f"{given} is no text"
    return (text, "") if text else (None, f"{given} is empty")
