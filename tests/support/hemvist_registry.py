"""Another registry of packs for as long as a test wants it: new versions, changed or missing ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from hemvist.pack_versions import library
from hemvist.policy import Pack, Registry, load_pack
from hemvist.policy.registry import pack_folders

INSTALLED = "hemvist_policy_packs"
#: Where the packs that tests have written lie.
_WRITTEN: dict[tuple[str, str], Path] = {}


@cache
def discovered() -> Registry:
    """Every installed pack, read once per process: packs are immutable."""
    return Registry.discover()


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
    pack = load_pack(folder)
    _WRITTEN[pack.name, pack.version] = folder
    return pack


@contextmanager
def installed(found: Iterable[Pack]) -> Iterator[Registry]:
    """``found`` and no others are what the platform has installed."""
    made = Registry(found, {**_installed_folders(), **_WRITTEN})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "installed", lambda: made)
        yield made


def _installed_folders() -> dict[tuple[str, str], Traversable]:
    return dict(discovered()._folders)
