"""Another registry of packs for as long as a test wants it: new versions, changed or missing ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from hemvist.pack_versions import library
from hemvist.policy import Pack, Registry, load_pack
from hemvist.policy.registry import pack_folders

INSTALLED = "hemvist_policy_packs"


def copies(target: Path) -> Iterator[Path]:
    """A copy of every installed pack's folder, to be changed at will."""
    for number, folder in enumerate(pack_folders(files(INSTALLED))):
        with as_file(folder) as source:
            yield Path(shutil.copytree(source, target / str(number)))


def rewrite(folder: Path, change: Callable[[str], str], file: str = "pack.yaml") -> Pack:
    """The pack in ``folder`` after ``change`` of one of its files; the change must be one."""
    path = folder / file
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before, f"nothing was changed in {path}"
    path.write_text(after, "utf-8")
    return load_pack(folder)


@contextmanager
def installed(found: Iterable[Pack]) -> Iterator[Registry]:
    """``found`` and no others are what the platform has installed."""
    made = Registry(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "installed", lambda: made)
        yield made
