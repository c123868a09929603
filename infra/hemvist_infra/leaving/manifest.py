"""The manifest of an export: what is in it, of which version, and what must come out of it elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from hemvist_infra.leaving import files
from hemvist_infra.leaving.problem import LeavingProblem

#: Raised when what an export looks like changes; an import reads its own version and no newer one.
FORMAT = 1
NAME = "manifest.json"
#: Sealed to whoever the export is for: the kommun's keys, and the manifest's digest.
KEYS = "keys.box"
SHARED, PACKS, ANCHORS = "shared.json", "packs.json", "anchors.ndjson"
CONFIGURATION = "tenant.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read."""

    folder: Path
    said: dict[str, Any]

    @property
    def tenant_id(self) -> UUID:
        """The kommun's id, the same on every instance: it is bound into everything sealed."""
        return UUID(self.said["tenant"]["id"])

    @property
    def slug(self) -> str:
        """The kommun's slug."""
        return str(self.said["tenant"]["slug"])

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """What is said of each table, by its name, in the order in which they can be put in."""
        return {one["table"]: one for one in self.said["tables"]}

    def path_of(self, table: str) -> Path:
        """The file with a table's rows."""
        return self.folder / str(self.tables[table]["file"])

    def content(self, name: str) -> Any:
        """What one of the small files says."""
        return json.loads((self.folder / name).read_bytes())


def write(folder: Path, said: dict[str, Any]) -> str:
    """Write the manifest with its sums; its SHA-256."""
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    drawn = files.Lines(folder / NAME)
    try:
        for line in text.encode().splitlines(keepends=True):
            drawn.add(line)
        return str(drawn.close()["sha256"])
    except BaseException:
        drawn.drop()
        raise


def read(folder: Path) -> Manifest:
    """The manifest of a finished export, of a version that can be read here. Raises ``LeavingProblem``.

    Whether it is as it was written only the key box can tell: see ``hemvist_infra.leaving.checking``.
    """
    path = folder / NAME
    try:
        said = json.loads(path.read_bytes())
        form = said["format"]
    except FileNotFoundError:
        raise LeavingProblem(
            f"{path} is missing: no export, or one that was not finished"
        ) from None
    except (ValueError, KeyError, TypeError, OSError) as wrong:
        line = getattr(wrong, "lineno", None)
        place = f"{path}, line {line}" if line else f"{path}"
        raise LeavingProblem(f"{place}: not as it was written") from None
    if form != FORMAT:
        raise LeavingProblem(
            f"{path} is of format {form}; this version of Hemvist reads format {FORMAT}:"
            f" {'use a newer one' if isinstance(form, int) and form > FORMAT else 'use an older one'}"
        )
    return Manifest(folder, said)
