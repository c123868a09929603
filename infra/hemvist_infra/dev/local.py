"""The folder ``.local``: data, keys and logs of a run on this machine."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from hemvist.settings import PREFIX, read_settings
from hemvist.tenancy.key_folder import KeyFolder
from hemvist_infra.embedded.folder import FolderLock, make_folder, write_secret
from hemvist_infra.embedded.problem import ServerProblem, clear_sentences

#: Made once per folder.
_SECRET = "HEMVIST_SECRET_KEY"  # noqa: S105 - the name of a setting
#: Where data are older than the folder of keys: what their keys were derived from.
_EARLIER = "HEMVIST_MASTER_KEY"
_FOLDER = "HEMVIST_KEY_FOLDER"
_ANCHORS = "HEMVIST_AUDIT_ANCHOR_FILE"


def project_root() -> Path:
    """The clone this is run from, or the current folder when it is installed without one."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


def local_path() -> Path:
    """Where the folder is: HEMVIST_LOCAL_DIR, else ``.local`` in the clone."""
    return (read_settings().local_dir or project_root() / ".local").absolute()


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """The folder and what is where in it. ``lock`` is taken by ``open``."""

    path: Path
    lock: FolderLock

    @classmethod
    def open(cls) -> LocalFolder:
        """The folder, made and locked. Raises ``ServerProblem`` when another run has it."""
        path = local_path()
        with clear_sentences(path):
            make_folder(path)
            lock = FolderLock(path)
            lock.take()
        return cls(path, lock)

    @property
    def postgres(self) -> Path:
        """PostgreSQL's folder."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's folder."""
        return self.path / "valkey"

    @property
    def logs(self) -> Path:
        """The logs of the processes, each of this run and of the one before."""
        return self.path / "log"

    def keys(self) -> dict[str, str]:
        """The development keys as settings, made at the first run, and where the anchors go.

        Raises ``ServerProblem`` when they are gone but data encrypted with them are here.
        """
        file, folder = self.path / "keys.env", self.path / "keys"
        with clear_sentences(self.path):
            if not file.exists():
                self._refuse_lost(file)
                write_secret(file, f"{_SECRET}={secrets.token_hex(32)}\n")
            pairs = (line.split("=", 1) for line in file.read_text().splitlines() if line)
            keys = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
            if not keys.get(_SECRET):
                raise ServerProblem(f"{file} has no {_SECRET}. Put the right file back.")
            if not (folder / "master").exists():
                # Data from before there was a folder are read with what the file says.
                if _EARLIER not in keys or _FOLDER in keys:
                    self._refuse_lost(folder)
                KeyFolder(folder).start()
                keys[_FOLDER] = str(folder)
                write_secret(file, "".join(f"{name}={keys[name]}\n" for name in keys))
        keys = {name: keys[name] for name in (_SECRET, _EARLIER) if name in keys}
        keys[_FOLDER] = str(folder)
        keys[_ANCHORS] = str(self.path / "audit-anchors.jsonl")
        settings = read_settings()
        return {
            name: settings.text(name.removeprefix(PREFIX).lower()) or value
            for name, value in keys.items()
        }

    def _refuse_lost(self, lost: Path) -> None:
        if (self.postgres / "cluster").exists():
            raise ServerProblem(
                f"{lost} is gone and the data in {self.postgres} are encrypted with the keys in it."
                f" Put it back, or remove {self.path} to start with no data."
            )
