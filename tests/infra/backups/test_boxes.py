"""Sealed files open as they were sealed, to the right key, under their own name, and not otherwise."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hemvist_infra.backups import boxes
from hemvist_infra.backups.boxes import PIECE, BoxBroken, opened
from hemvist_infra.backups.problem import BackupProblem

_NAME = "wal/000000010000000000000001"


@pytest.fixture
def private(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "backup.key"
    boxes.make_keys(path)
    return path


def _sealed(folder: Path, private: Path, content: bytes) -> Path:
    path = folder / "file.box"
    public = boxes.read_public(Path(f"{private}.pub"))
    closed = boxes.seal_file(path, _NAME, public, content)
    assert closed == boxes.digest(path)
    return path


def _read(path: Path, private: Path, name: str = _NAME) -> bytes:
    return b"".join(opened(path, name, boxes.read_private(private)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_opens(tmp_path: Path, private: Path, size: int) -> None:
    content = os.urandom(size)
    path = _sealed(tmp_path, private, content)
    assert _read(path, private) == content
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["file.box"]


def test_nothing_of_it_stands_in_clear(tmp_path: Path, private: Path) -> None:
    path = _sealed(tmp_path, private, b"Alva Sandberg" * 1000)
    assert b"Alva" not in path.read_bytes()


def test_a_byte_changed_anywhere_is_found(tmp_path: Path, private: Path) -> None:
    path = _sealed(tmp_path, private, b"Alva Sandberg")
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BoxBroken):
            _read(path, private)
    path.write_bytes(whole)
    assert _read(path, private) == b"Alva Sandberg"


def test_a_file_cut_off_anywhere_is_found(tmp_path: Path, private: Path) -> None:
    path = _sealed(tmp_path, private, os.urandom(2 * PIECE + 10))
    whole = path.read_bytes()
    # At the end of a piece it looks like a whole file to who does not ask for the last.
    pieces, at = [], whole.index(b"\n") + 1
    at += 2 + int.from_bytes(whole[at : at + 2], "big")
    while at < len(whole):
        pieces.append(at)
        at += 4 + int.from_bytes(whole[at : at + 4], "big")
    assert len(pieces) == 3
    for end in (*pieces, 0, 5, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(BoxBroken):
            _read(path, private)
    swapped = whole[: pieces[0]] + whole[pieces[1] : pieces[2]] + whole[pieces[0] : pieces[1]]
    path.write_bytes(swapped + whole[pieces[2] :])
    with pytest.raises(BoxBroken):
        _read(path, private)
    path.write_bytes(whole + b"more")
    with pytest.raises(BoxBroken):
        _read(path, private)


def test_another_name_and_another_key_open_nothing(tmp_path: Path, private: Path) -> None:
    path = _sealed(tmp_path, private, b"Alva")
    other = tmp_path / "keys" / "other.key"
    boxes.make_keys(other)
    for key, name in ((private, f"{_NAME}.partial"), (other, _NAME)):
        with pytest.raises(BoxBroken):
            _read(path, key, name)


def test_what_was_dropped_leaves_nothing(tmp_path: Path, private: Path) -> None:
    box = boxes.Box(tmp_path / "file.box", _NAME, boxes.read_public(Path(f"{private}.pub")))
    box.write(b"Alva" * PIECE)
    box.drop()
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


def test_the_private_half_is_ours_alone_and_never_overwritten(private: Path) -> None:
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    with pytest.raises(BackupProblem, match="is there already"):
        boxes.make_keys(private)
    with pytest.raises(BackupProblem, match="is not at"):
        boxes.read_private(private.with_name("nowhere"))
    private.write_text("no key\n")
    with pytest.raises(BackupProblem, match="holds no key"):
        boxes.read_private(private)
