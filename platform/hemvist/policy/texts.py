"""The files of a pack as text in memory, which the loader reads as it reads a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, NoReturn

#: How the folder is written in front of a file's name in an error; see ``bare``.
_HERE = "."


def content_hash(files: Mapping[str, str]) -> str:
    """SHA-256 of all files, hexadecimal: equal for equal names and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        written = content.encode()
        digest.update(f"{name}:{len(written)}:".encode() + written)
    return digest.hexdigest()


def bare(file: str) -> str:
    """The name of a file as the loader's errors have it, without the folder."""
    return file.removeprefix(f"{_HERE}/")


class TextFolder(Traversable):
    """A folder of text files that is nowhere on a disk."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def __str__(self) -> str:
        return _HERE

    @property
    def name(self) -> str:
        """What the folder is called."""
        return _HERE

    def iterdir(self) -> Iterator[Traversable]:
        """The files in it."""
        return (_TextFile(name, content) for name, content in self._files.items())

    def joinpath(self, *names: Any) -> Traversable:
        """The file of that name, whether there is one or not."""
        name = "/".join(str(part) for part in names)
        return _TextFile(name, self._files.get(name))

    def is_dir(self) -> bool:
        """It is a folder."""
        return True

    def is_file(self) -> bool:
        """It is no file."""
        return False

    def open(self, *_: Any, **__: Any) -> NoReturn:
        """Raises ``IsADirectoryError``."""
        raise IsADirectoryError(_HERE)

    def read_bytes(self) -> NoReturn:
        """Raises ``IsADirectoryError``."""
        raise IsADirectoryError(_HERE)

    def read_text(self, encoding: str | None = None) -> NoReturn:
        """Raises ``IsADirectoryError``."""
        raise IsADirectoryError(_HERE)


class _TextFile(Traversable):
    def __init__(self, name: str, content: str | None) -> None:
        self._name = name
        self._content = content

    @property
    def name(self) -> str:
        return self._name

    def iterdir(self) -> Iterator[Traversable]:
        raise NotADirectoryError(self._name)

    def joinpath(self, *names: Any) -> NoReturn:
        raise NotADirectoryError(self._name)

    def is_dir(self) -> bool:
        return False

    def is_file(self) -> bool:
        return self._content is not None

    def open(self, mode: str = "r", *_: Any, **__: Any) -> Any:
        if mode != "rb":
            raise ValueError("packs are read as bytes")
        return BytesIO(self.read_bytes())

    def read_bytes(self) -> bytes:
        return self.read_text().encode()

    def read_text(self, encoding: str | None = None) -> str:
        if self._content is None:
            raise FileNotFoundError(self._name)
        return self._content
