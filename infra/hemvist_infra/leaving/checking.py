"""Whether an export is whole and as it was written, before anything of it is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist_infra.leaving import boxing, files, manifest
from hemvist_infra.leaving.boxing import Box
from hemvist_infra.leaving.manifest import Manifest
from hemvist_infra.leaving.problem import LeavingProblem

Progress = Callable[[str, int, int], None]


def checked(folder: Path, private: X25519PrivateKey, progress: Progress) -> tuple[Manifest, Box]:
    """The manifest and the keys of an export of which every byte is as it was written.

    The box opens for the receiver alone and says what the manifest is; the manifest says what each file
    is, and a row what each of its files. Raises ``LeavingProblem`` with the file, and the line where one is
    told, of the first thing that is otherwise; ``BoxBroken`` for the box.
    """
    path = folder / manifest.NAME
    _require_sums(path)
    said = manifest.read(folder)
    box = boxing.opened(folder, said.tenant_id, private)
    # Sums can be made by anybody: what the receiver alone can read says which manifest it was.
    files.require(path, box["manifest_sha256"])
    tables = list(said.tables.values())
    for done, one in enumerate(tables, 1):
        path = _inside(folder, one["file"])
        files.require(path, one["sha256"], one["sums_sha256"])
        files.require(files.sums_of(path), one["sums_sha256"])
        if one["files"]:
            _files(folder, path, one)
        progress("looking through", done, len(tables))
    for one in said.said["files"]:
        files.require(_inside(folder, one["file"]), one["sha256"])
    return said, box


def _require_sums(path: Path) -> None:
    sums = files.sums_of(path)
    for one in (path, sums):
        if not one.is_file():
            raise LeavingProblem(f"{one} is missing: no export, or one that was not finished")
    line = files.wrong_line(path)
    if line is not None:
        raise LeavingProblem(f"{path}, line {line}: not as it was written, or {sums.name} is not")


def _inside(folder: Path, name: str) -> Path:
    """A file of the export's; whoever made the export does not choose what else is read or written."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise LeavingProblem(
            f"{folder / manifest.NAME} names {name[:100]!r}, which is no file of the export"
        )
    return folder / name


def _files(folder: Path, rows: Path, table: dict[str, Any]) -> None:
    for number, line in enumerate(files.lines(rows), 1):
        row = json.loads(line)
        for name in table["files"]:
            said = row[name]
            if said is None:
                continue
            if said["file"] != f"files/{table['table']}/{row['id']}.{name}":
                raise LeavingProblem(f"{rows}, line {number}: names no file of the export's")
            path = folder / str(said["file"])
            try:
                files.require(path, said["sha256"])
            except LeavingProblem as wrong:
                raise LeavingProblem(f"{wrong} (told of in {rows}, line {number})") from None
