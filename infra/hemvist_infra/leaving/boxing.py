"""The kommun's keys in an export: opened, put together, and sealed to whoever the export is for.

What is sealed in the database goes out as it is. The keys that open it go along in one small file that
only the receiver's private key opens: the kommun itself, or the instance that takes it over, where a
master key of its own wraps them again.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from hemvist.tenancy.key_folder import KeyFolder, KeysMissing, TenantFile, Wrapped
from hemvist.tenancy.key_making import unwrapped
from hemvist_infra.backups import boxes
from hemvist_infra.leaving.manifest import KEYS
from hemvist_infra.leaving.problem import LeavingProblem

_FORMAT = 1
Box = dict[str, Any]


def close(
    folder: Path, keys: KeyFolder, tenant_id: UUID, manifest: str, to: X25519PublicKey
) -> None:
    """Write the kommun's keys, and the digest of the manifest that they go with."""
    file = keys.read(tenant_id)
    if file is None or file.erased is not None:
        raise KeysMissing(f"there are no keys of kommun {tenant_id} in {keys.path}")
    made = dict(file.every())
    said = {
        "format": _FORMAT,
        "tenant": str(tenant_id),
        "manifest_sha256": manifest,
        "current": file.current,
        "keys": {
            purpose: {
                "made": made[purpose].made,
                "key": _text(clear),
                **({"public": _text(public)} if (public := made[purpose].public) else {}),
            }
            for purpose, clear in unwrapped(keys, file)
        },
    }
    boxes.seal_file(folder / KEYS, _name(tenant_id), to, json.dumps(said).encode())


def opened(folder: Path, tenant_id: UUID, private: X25519PrivateKey) -> Box:
    """What the box says. Raises ``LeavingProblem`` where it is missing, and ``BoxBroken`` where it was
    changed, is another kommun's or was sealed to another key."""
    path = folder / KEYS
    if not path.is_file():
        raise LeavingProblem(f"{path} is missing: without it nothing that is sealed opens")
    said: Box = json.loads(b"".join(boxes.opened(path, _name(tenant_id), private)))
    if said["format"] != _FORMAT:
        raise LeavingProblem(
            f"{path} is of format {said['format']}, which this version cannot read"
        )
    return said


def key_of(box: Box, purpose: str) -> bytes | None:
    """One of the keys: ``data:N``, ``index``, ``exchange:N`` or ``audit:N``."""
    found = box["keys"].get(purpose)
    return None if found is None else base64.b64decode(found["key"])


def put_in(keys: KeyFolder, tenant_id: UUID, box: Box) -> None:
    """Wrap the kommun's keys with this instance's master key. Done twice it comes to the same.

    A note that they were erased here gives way. Raises ``LeavingProblem`` where the kommun has others.
    """
    keys.start()
    with keys.locked():
        there = keys.read(tenant_id)
        if there is not None and there.erased is None:
            if dict(unwrapped(keys, there)) != {
                purpose: key_of(box, purpose) for purpose in box["keys"]
            }:
                raise LeavingProblem(
                    f"kommun {tenant_id} has other keys in {keys.path} than the export's"
                )
            return
        keys.write(_wrapped(keys, tenant_id, box))


def _wrapped(keys: KeyFolder, tenant_id: UUID, box: Box) -> TenantFile:
    kinds: dict[str, dict[int, Wrapped]] = {"data": {}, "exchange": {}, "audit": {}}
    index: Wrapped | None = None
    for purpose, said in box["keys"].items():
        clear = key_of(box, purpose)
        assert clear is not None
        public = base64.b64decode(said["public"]) if "public" in said else None
        made = keys.wrap(tenant_id, purpose, clear, public)
        wrapped = Wrapped(made.master, said["made"], made.sealed, public)
        kind, _, generation = purpose.partition(":")
        if kind == "index":
            index = wrapped
        else:
            kinds[kind][int(generation)] = wrapped
    return TenantFile(
        tenant_id,
        int(box["current"]),
        kinds["data"],
        index,
        kinds["exchange"],
        audit=kinds["audit"],
    )


def _name(tenant_id: UUID) -> str:
    return f"hemvist export keys {tenant_id}"


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
