"""The packs that this installation carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable

from hemvist.policy.errors import PolicyError
from hemvist.policy.loading import load_pack
from hemvist.policy.loading.parts import HEAD, name_of
from hemvist.policy.pack import Pack

GROUP = "hemvist.policy_packs"
#: Folders of packs may lie this deep: kommun, guideline, version.
MAX_DEPTH = 3


class Registry:
    """Packs by name and version. Immutable; discover once per process."""

    def __init__(
        self, packs: Iterable[Pack], folders: Mapping[tuple[str, str], Traversable] | None = None
    ) -> None:
        """``folders`` are where the packs were loaded from, by name and version.

        Raises ``PolicyError`` when two packs have the same name and version.
        """
        found: dict[tuple[str, str], Pack] = {}
        for pack in packs:
            key = (pack.name, pack.version)
            if key in found:
                raise PolicyError(f"{pack.name} {pack.version} is there twice", rule="twice")
            found[key] = pack
        self._packs = tuple(sorted(found.values(), key=lambda pack: (pack.name, pack.version_key)))
        self._folders = dict(folders or {})

    @classmethod
    def discover(cls, name: str | None = None) -> Registry:
        """Every folder with a ``pack.yaml`` in the packages of the entry-point group
        ``hemvist.policy_packs``. Raises ``PackError`` for the first pack that does not hold.

        With ``name`` only the versions of that pack are loaded, when there are any: a program that
        asks one pack need not read them all.
        """
        points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
        folders = [folder for point in points for folder in pack_folders(files(point.value))]
        folders = [one for one in folders if name_of(one) == name] or folders
        packs = [load_pack(folder) for folder in folders]
        keys = [(pack.name, pack.version) for pack in packs]
        return cls(packs, dict(zip(keys, folders, strict=True)))

    def packs(self) -> tuple[Pack, ...]:
        """All packs by name, then version."""
        return self._packs

    def get(self, name: str, version: str | None = None) -> Pack:
        """A pack by name and version; the latest version when none is given.

        Raises ``PolicyError`` when there is none.
        """
        named = self._named(name)
        if version is None:
            return named[-1]
        for pack in named:
            if pack.version == version:
                return pack
        raise PolicyError(f"{name} has no version {version[:60]}", rule="unknown_pack")

    def in_force(self, name: str, on: date) -> Pack:
        """The version in force on a day: of several, the latest to begin, then the highest.

        Raises ``PolicyError`` when there is none.
        """
        found = [pack for pack in self._named(name) if pack.in_force.holds(on)]
        if not found:
            raise PolicyError(f"no version of {name} is in force on {on}", rule="not_in_force")
        return max(found, key=lambda pack: (pack.in_force.start, pack.version_key))

    def files(self, name: str, version: str) -> dict[str, str]:
        """The texts of a pack by file name, its cases among them.

        Raises ``PolicyError`` for a pack whose folder is not known.
        """
        folder = self._folders.get((name, version))
        if folder is None:
            raise PolicyError(f"there are no files of {name} {version[:60]}", rule="no_files")
        return {
            entry.name: entry.read_text("utf-8")
            for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
            if entry.is_file() and entry.name.endswith(".yaml")
        }

    def _named(self, name: str) -> tuple[Pack, ...]:
        found = tuple(pack for pack in self._packs if pack.name == name)
        if not found:
            close = get_close_matches(name, {pack.name for pack in self._packs}, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise PolicyError(f"no policy pack {name[:120]!r}{hint}", rule="unknown_pack")
        return found


def pack_folders(root: Traversable, depth: int = 0) -> Iterator[Traversable]:
    """Every folder under ``root`` that holds a ``pack.yaml``, by name."""
    if root.joinpath(HEAD).is_file():
        yield root
    elif depth < MAX_DEPTH:
        for child in sorted(root.iterdir(), key=lambda entry: entry.name):
            if child.is_dir() and not child.name.startswith(("_", ".")):
                yield from pack_folders(child, depth + 1)
