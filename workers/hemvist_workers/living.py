"""Worker and beat sign that they live, for a probe that looks at nothing but a file's age."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from hemvist.settings import get_settings

#: Seconds between a worker's signatures.
EVERY = 5.0


def sign(role: str) -> None:
    """Touch this role's file in ``HEMVIST_RUN_DIR``; nothing where that is not set or cannot be written."""
    folder = get_settings().run_dir
    if folder is not None:
        with suppress(OSError):
            file_of(folder, role).touch()


def file_of(folder: Path, role: str) -> Path:
    """The file that ``role`` signs in."""
    return folder / f"hemvist-{role}.alive"


def sign_while(consumer: Any) -> None:
    """Let a worker's own loop sign: one that hangs does not. Called whenever it begins to take tasks."""
    sign("worker")
    consumer.timer.call_repeatedly(EVERY, sign, ("worker",))
