"""The networks for protected moves as files: one TOML each in ``networks/`` beside the kommuner."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hemvist.settings import get_settings
from hemvist_tenants.reading import TenantFileError

FOLDER = "networks"


def load_networks(folder: Path | None = None) -> list[dict[str, Any]]:
    """What every file of a network says, of the kommuner's folder; none where there is no such folder.

    Raises ``TenantFileError`` when a file is not TOML; what it says is ``hemvist.networks``'s to judge.
    """
    place = (folder or get_settings().tenants_dir or Path(__file__).parent) / FOLDER
    found: list[dict[str, Any]] = []
    for file in sorted(place.glob("*.toml")):
        try:
            with file.open("rb") as stream:
                found.append(tomllib.load(stream))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise TenantFileError(file.name, "", str(error)) from error
    return found
