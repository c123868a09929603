"""Reading an archive (zip) of a pack that somebody has sent. Nothing of it is trusted.

Everything happens in memory; nothing is written to a disk. Sizes that the archive states of itself
decide nothing: what is unpacked is counted while it is unpacked.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from io import BytesIO
from typing import NoReturn

from hemvist.pack_versions.editing import refused
from hemvist.policy.loading.parts import HEAD, MAX_BYTES
from hemvist.policy.review import Fault

#: Bytes of the archive, of everything unpacked, and how much larger a file may become.
MAX_ARCHIVE = 285_000
MAX_UNPACKED = 3_000_000
MAX_RATIO = 60
MAX_FILES = 60
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}\.yaml")
#: The record of outcomes of a published version; a new version gets its own.
_LOCK = "outcomes.lock"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 64 * 1024


def read_archive(archive: bytes) -> dict[str, str]:
    """The texts of the archive by file name.

    The files may lie together in one folder. Raises ``ValidationFailed`` (pack_fault) with file,
    line and column of what does not hold.
    """
    if len(archive) > MAX_ARCHIVE:
        _fail("", f"the archive is larger than {MAX_ARCHIVE} bytes", "leave out what is no YAML")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            return _read(opened)
    # What a broken archive raises depends on where it is broken.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
        OverflowError,
    ) as error:
        if isinstance(error, UnicodeError):
            _fail("", "a file name is not readable", "use plain letters in file names")
        _fail("", "the archive cannot be read", "pack the folder as an ordinary zip file")


def _read(opened: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        _fail("", f"the archive holds more than {MAX_FILES} files", "leave out what is no part")
    folder = _folder(entries)
    found: dict[str, str] = {}
    total = 0
    for entry in entries:
        name = entry.filename.removeprefix(folder)
        if name == _LOCK:
            continue
        _check(entry, name)
        if name in found:
            _fail(name, "the file is in the archive twice", "leave one of them out")
        content = _unpacked(opened, entry, name, MAX_UNPACKED - total)
        total += len(content)
        found[name] = text_of(name, content)
    if HEAD not in found:
        _fail(HEAD, f"there is no file {HEAD}", "pack the folder that it lies in")
    return found


def _folder(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder that all files lie in, with its slash; "" when they lie in none."""
    heads = {entry.filename.partition("/")[0] for entry in entries if "/" in entry.filename}
    if len(heads) == 1 and all("/" in entry.filename for entry in entries):
        return f"{heads.pop()}/"
    return ""


def _check(entry: zipfile.ZipInfo, name: str) -> None:
    shown = name[:100]
    if not _NAME.fullmatch(name):
        _fail(shown, "not the name of a file of a pack", "names are such as rules.yaml, no folders")
    if entry.flag_bits & 0x1:
        _fail(shown, "the file is encrypted", "pack it without a password")
    if entry.compress_type not in _METHODS:
        _fail(shown, "the file is packed in an unusual way", "pack it as an ordinary zip file")
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        _fail(shown, "the file is a link or a device", "pack the file itself")


def _unpacked(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int) -> bytes:
    limit = min(MAX_BYTES, left)
    content = bytearray()
    with opened.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > limit:
                _fail(
                    name, f"more than {limit} bytes when unpacked", "split the file or shorten it"
                )
            if len(content) > _CHUNK and len(content) > MAX_RATIO * max(entry.compress_size, 1):
                _fail(name, f"more than {MAX_RATIO} times as large when unpacked", "shorten it")
    return bytes(content)


def text_of(name: str, content: bytes) -> str:
    """The text of a file. Raises ``ValidationFailed`` at the first byte that is not UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        _fail(name, "the file is not UTF-8", "save it as UTF-8", line, column)
    check_text(name, text)
    return text


def check_text(name: str, text: str) -> None:
    """Raise ``ValidationFailed`` where the text has a character that cannot be stored."""
    at = text.find("\0")
    if at >= 0:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        _fail(name, "a character that no text has", "save it as plain text", line, column)


def check_name(name: str) -> None:
    """Raise ``ValidationFailed`` for what cannot be a file of a pack."""
    if not _NAME.fullmatch(name):
        _fail(name[:100], "not the name of a file of a pack", "names are such as rules.yaml")


def _fail(file: str, message: str, cure: str, line: int = 1, column: int = 1) -> NoReturn:
    raise refused(Fault("error", "archive", file, line, column, message, cure), "archive")
