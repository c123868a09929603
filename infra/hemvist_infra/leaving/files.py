"""Files of an export: written whole or not at all, each line with a sum, and what is wrong with them."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from hemvist_infra.leaving.problem import LeavingProblem

#: Characters of a line's SHA-256 that stand in the sums.
SUM = 16
_PIECE = 1 << 20


class Lines:
    """A file of lines being written, and beside it ``NAME.sums`` with the sum of each."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._drafts = [_draft(path), _draft(sums_of(path))]
        self._lines: BinaryIO = self._drafts[0].open("wb")
        self._sums: BinaryIO = self._drafts[1].open("wb")
        self._whole, self._whole_sums = hashlib.sha256(), hashlib.sha256()
        self.count = 0
        self.size = 0

    def add(self, line: bytes) -> None:
        """Add a line, its end included."""
        self._lines.write(line)
        self._whole.update(line)
        told = line_sum(line)
        self._sums.write(told)
        self._whole_sums.update(told)
        self.count += 1
        self.size += len(line)

    def close(self) -> dict[str, Any]:
        """See that both are on the disk under their names; what the manifest says of them."""
        for file in (self._lines, self._sums):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for draft in self._drafts:
            draft.rename(draft.with_suffix(""))
        sync(self._path.parent)
        return {
            "rows": self.count,
            "bytes": self.size,
            "sha256": self._whole.hexdigest(),
            "sums_sha256": self._whole_sums.hexdigest(),
        }

    def drop(self) -> None:
        """Leave it: nothing of it stays."""
        for file in (self._lines, self._sums):
            try:
                file.close()
            except OSError:
                # A full disk refuses the rest once more when it is closed.
                continue
        for draft in self._drafts:
            draft.unlink(missing_ok=True)


def line_sum(line: bytes) -> bytes:
    """A line's entry in the sums."""
    return hashlib.sha256(line).hexdigest()[:SUM].encode() + b"\n"


def sums_of(path: Path) -> Path:
    """Where a file's sums lie."""
    return path.with_name(f"{path.name}.sums")


def put(path: Path, content: bytes) -> str:
    """Write a file whole, seen to be on the disk; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path)
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return hashlib.sha256(content).hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file as it lies there. Raises ``LeavingProblem`` where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise LeavingProblem(f"{path} is missing") from None
    except OSError as error:
        raise LeavingProblem(f"{path}: {error.strerror}") from None


def require(path: Path, wanted: str, sums: str | None = None) -> None:
    """Raise ``LeavingProblem`` where a file is not as it was written, with the line if it can be told.

    ``sums`` is the digest of the sums beside it, where it has any.
    """
    if sha256(path) == wanted:
        return
    if sums is not None and sha256(sums_of(path)) == sums:
        raise LeavingProblem(f"{path}, line {wrong_line(path)}: not as it was written")
    raise LeavingProblem(f"{path}: not as it was written")


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, with their ends."""
    with path.open("rb") as file:
        yield from file


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """A disk with no room is said in one line: what is whole stays, and the same command goes on."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise LeavingProblem(
            f"{folder}: no room left on the disk; make some and give the same command again"
        ) from None


def sync(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def wrong_line(path: Path) -> int | None:
    """The first line of a file that its sums do not say; None where each is said."""
    number = 0
    with sums_of(path).open("rb") as sums:
        for number, line in enumerate(lines(path), 1):
            if sums.readline() != line_sum(line):
                return number
        return number + 1 if sums.readline() else None
