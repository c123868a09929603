"""Making, turning and putting away the keys in the key folder."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hemvist.errors import HemvistError
from hemvist.settings import get_settings
from hemvist.tenancy.key_folder import (
    KEY_BYTES,
    MOST_GENERATIONS,
    KeyFolder,
    TenantFile,
    Wrapped,
)

#: The generation that decision 0005 derived; what it sealed opens until it is resealed.
DERIVED_GENERATION = 1


def create_keys(folder: KeyFolder, tenant_id: UUID) -> bool:
    """Give a kommun its first keys; False when it has, or has had, some.

    One whose keys are from before the audit log had any is given the log's.

    Where ``HEMVIST_MASTER_KEY`` is set, what decision 0005 derived from it is taken over: its data
    key as the first generation, which opens and no longer seals, and the key of the blind indexes.
    """
    with folder.locked():
        file = folder.read(tenant_id)
        if file is not None:
            if file.erased is None and not file.audit:
                folder.write(replace(file, audit={1: _audit(folder, tenant_id, 1)}))
            return False
        folder.write(_first(folder, tenant_id))
    return True


def rotate(folder: KeyFolder, tenant_id: UUID) -> int:
    """A new data key, a new pair for handovers and a new key of the audit log from now on; the number
    of the data key.

    What older ones sealed goes on opening. Raises ``HemvistError`` when there are too many.
    """

    def turned(file: TenantFile) -> TenantFile:
        generation = max(file.data) + 1
        if generation > MOST_GENERATIONS:
            raise HemvistError("this kommun has had 255 data keys: the first byte holds no more")
        pair = max(file.exchange, default=0) + 1
        log = max(file.audit, default=0) + 1
        key = folder.wrap(tenant_id, f"data:{generation}", secrets.token_bytes(KEY_BYTES))
        return replace(
            file,
            current=generation,
            data={**file.data, generation: key},
            exchange={**file.exchange, pair: _pair(folder, tenant_id, pair)},
            audit={**file.audit, log: _audit(folder, tenant_id, log)},
        )

    return folder.change(tenant_id, turned).current


def retire(folder: KeyFolder, tenant_id: UUID, generation: int) -> None:
    """Destroy one data key. The caller has made sure that nothing is sealed with it any more.

    Raises ``HemvistError`` for the current one, and for one that is not there.
    """

    def without(file: TenantFile) -> TenantFile:
        if generation not in file.data:
            raise HemvistError(f"there is no data key {generation}")
        if generation == file.current:
            raise HemvistError(f"data key {generation} is the current one: rotate first")
        kept = {number: key for number, key in file.data.items() if number != generation}
        return replace(file, data=kept)

    folder.change(tenant_id, without)


def rewrap(folder: KeyFolder) -> int:
    """A new master key, every key wrapped by it, the older master keys removed; its number.

    Stopped half-way, both master keys stay, and the next run finishes it.
    """
    with folder.locked():
        older = set(folder.masters())
        newest = folder.new_master()
        for tenant_id in folder.tenants():
            file = folder.read(tenant_id)
            if file is not None and file.erased is None:
                folder.write(folder.rewrapped(file))
        for number in older:
            folder.remove_master(number)
    return newest


def unwrapped(folder: KeyFolder, file: TenantFile) -> Iterator[tuple[str, bytes]]:
    """Each key of the kommun in clear, and what it is for."""
    for purpose, key in file.every():
        yield purpose, folder.unwrap(file.tenant_id, purpose, key)


def _first(folder: KeyFolder, tenant_id: UUID) -> TenantFile:
    root = get_settings().master_key
    data: dict[int, Wrapped] = {}
    index = secrets.token_bytes(KEY_BYTES)
    if root is not None:
        old = root.get_secret_value().encode()
        index = _derived(old, tenant_id, "index")
        data[DERIVED_GENERATION] = folder.wrap(
            tenant_id, f"data:{DERIVED_GENERATION}", _derived(old, tenant_id, "seal")
        )
    current = max(data, default=0) + 1
    data[current] = folder.wrap(tenant_id, f"data:{current}", secrets.token_bytes(KEY_BYTES))
    return TenantFile(
        tenant_id,
        current,
        data,
        folder.wrap(tenant_id, "index", index),
        {1: _pair(folder, tenant_id, 1)},
        audit={1: _audit(folder, tenant_id, 1)},
    )


def _derived(root: bytes, tenant_id: UUID, purpose: str) -> bytes:
    """A key as decision 0005 made it."""
    return HKDF(
        algorithm=SHA256(),
        length=KEY_BYTES,
        salt=tenant_id.bytes,
        info=f"hemvist:{purpose}".encode(),
    ).derive(root)


def _audit(folder: KeyFolder, tenant_id: UUID, generation: int) -> Wrapped:
    return folder.wrap(tenant_id, f"audit:{generation}", secrets.token_bytes(KEY_BYTES))


def _pair(folder: KeyFolder, tenant_id: UUID, generation: int) -> Wrapped:
    pair = X25519PrivateKey.generate()
    return folder.wrap(
        tenant_id,
        f"exchange:{generation}",
        pair.private_bytes_raw(),
        pair.public_key().public_bytes_raw(),
    )
