"""The example pack, and packs with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from hemvist.policy import Pack, load_pack

EXAMPLE = Path(__file__).parent / "packs" / "example"

#: Writes a copy of the example pack with texts replaced: (file, old, new) …; gives its folder.
Change = Callable[..., Path]


@pytest.fixture(scope="session")
def example() -> Pack:
    """A small pack that uses every part of the language."""
    return load_pack(EXAMPLE)


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the example pack with some texts replaced."""

    def change(*changes: tuple[str, str, str]) -> Path:
        folder = tmp_path / "pack"
        copytree(EXAMPLE, folder, dirs_exist_ok=True)
        for file, old, new in changes:
            content = (folder / file).read_text("utf-8")
            assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
            (folder / file).write_text(content.replace(old, new), "utf-8")
        return folder

    return change
