"""The pack of law that this installation carries."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable

from hemvist.policy.errors import PolicyError
from hemvist.policy.loading import load_pack
from hemvist.policy.loading.parts import HEAD
from hemvist.policy.pack import Pack
from hemvist.policy.registry import GROUP, pack_folders

LAW = "law/sweden"


@lru_cache(maxsize=1)
def law_pack() -> Pack:
    """The installed pack of law. Its dates are inside it: one version knows every year.

    Raises ``PolicyError`` when none is installed, ``PackError`` when it does not hold.
    """
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        for folder in pack_folders(files(point.value)):
            if _names(folder, LAW):
                return load_pack(folder)
    raise PolicyError(f"the pack {LAW} is not installed", rule="unknown_pack")


def _names(folder: Traversable, name: str) -> bool:
    """Whether the folder's pack has this name, without loading every other pack."""
    head = folder.joinpath(HEAD).read_text("utf-8")
    return any(line.split("#")[0].strip() == f"pack: {name}" for line in head.splitlines())
