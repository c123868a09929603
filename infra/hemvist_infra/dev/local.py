"""The folder ``.local``: data, keys and logs of a run on this machine."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from hemvist_infra.embedded.folder import FolderLock, make_folder, write_secret
from hemvist_infra.embedded.problem import ServerProblem, clear_sentences

#: Made once per folder; what is encrypted in the data can be read with these alone.
_KEYS = ("HEMVIST_SECRET_KEY", "HEMVIST_MASTER_KEY")


def project_root() -> Path:
    """The clone this is run from, or the current folder when it is installed without one."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


def local_path() -> Path:
    """Where the folder is: HEMVIST_LOCAL_DIR, else ``.local`` in the clone."""
    return Path(os.environ.get("HEMVIST_LOCAL_DIR") or project_root() / ".local").absolute()


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
        """The development keys as settings, made at the first run.

        Raises ``ServerProblem`` when they are gone but data encrypted with them are here.
        """
        file = self.path / "keys.env"
        with clear_sentences(self.path):
            if not file.exists():
                if (self.postgres / "cluster").exists():
                    raise ServerProblem(
                        f"{file} is gone and the data in {self.postgres} are encrypted with the"
                        f" keys in it. Put it back, or remove {self.path} to start with no data."
                    )
                lines = (f"{name}={secrets.token_hex(32)}" for name in _KEYS)
                write_secret(file, "\n".join(lines) + "\n")
            pairs = (line.split("=", 1) for line in file.read_text().splitlines() if line)
            keys = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        missing = [name for name in _KEYS if not keys.get(name)]
        if missing:
            raise ServerProblem(f"{file} has no {missing[0]}. Put the right file back.")
        return {name: os.environ.get(name) or value for name, value in keys.items()}
