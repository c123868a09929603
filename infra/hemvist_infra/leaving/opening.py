"""An export opened for the kommun itself, without a database: every sealed value in clear, files as files."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist.migrations import tables as _tables  # noqa: F401 - every table is declared
from hemvist.tenancy import Base
from hemvist.tenancy.keys import SealBroken, TenantKeys, keys_of
from hemvist.tenancy.sealed import Sealed
from hemvist_infra.leaving import boxing, files
from hemvist_infra.leaving.checking import checked
from hemvist_infra.leaving.problem import LeavingProblem

Progress = Callable[[str, int, int], None]
#: Files tell by their first bytes what they are.
_ENDINGS = {b"%PDF": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"PK\x03\x04": ".xlsx"}


def open_(folder: Path, private: X25519PrivateKey, out: Path, progress: Progress) -> int:
    """Write the rows of the export in clear into ``out``, a file for each table; how many rows.

    Looks through the export first. Raises ``LeavingProblem`` and ``BoxBroken`` as an import does, and where
    ``out`` is not empty.
    """
    if out.exists() and any(out.iterdir()):
        raise LeavingProblem(f"{out} is not empty")
    said, box = checked(folder, private, progress)
    clear = {purpose: boxing.key_of(box, purpose) or b"" for purpose in box["keys"]}
    keys = keys_of(said.tenant_id, int(box["current"]), clear)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    done, total = 0, sum(one["rows"] for one in said.tables.values())
    with files.full_disk_told(out):
        for name, one in said.tables.items():
            with (out / f"{name}.ndjson").open("w", encoding="utf-8") as written:
                for number, line in enumerate(files.lines(said.path_of(name)), 1):
                    row = json.loads(line)
                    try:
                        opened = _row(folder, out, row, one, keys)
                    except SealBroken as broken:
                        raise LeavingProblem(
                            f"{said.path_of(name)}, line {number}: {broken} does not open"
                        ) from None
                    written.write(json.dumps(opened, ensure_ascii=False) + "\n")
                    done += 1
            progress(name, done, total)
    return done


def _row(
    folder: Path, out: Path, row: dict[str, Any], said: dict[str, Any], keys: TenantKeys
) -> dict[str, Any]:
    opened = dict(row)
    for column, kind in said["columns"].items():
        # JSON stands in a list of one, so that a null in it is told from nothing.
        if kind == "JSONB" and row[column] is not None:
            opened[column] = row[column][0]
    for column, field in said["sealed"].items():
        value = row[column]
        if value is None:
            continue
        if column in said["files"]:
            opened[column] = _file(folder, out, value, field, keys)
        else:
            opened[column] = _value(field, base64.b64decode(value), keys)
    return opened


def _file(
    folder: Path, out: Path, said: dict[str, Any], field: str, keys: TenantKeys
) -> dict[str, Any]:
    content = keys.open_bytes(field, (folder / str(said["file"])).read_bytes())
    ending = next((end for begin, end in _ENDINGS.items() if content.startswith(begin)), ".bin")
    name = f"{said['file']}{ending}"
    return {"file": name, "bytes": len(content), "sha256": files.put(out / name, content)}


def _value(field: str, sealed: bytes, keys: TenantKeys) -> Any:
    reader = _readers().get(field)
    value: Any = keys.open(field, sealed) if reader is None else reader.read(keys, sealed)
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@lru_cache(maxsize=1)
def _readers() -> dict[str, Sealed[Any]]:
    """By field, what reads its values."""
    return {
        one.field: one
        for mapper in Base.registry.mappers
        for one in vars(mapper.class_).values()
        if isinstance(one, Sealed)
    }
