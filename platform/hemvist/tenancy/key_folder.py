"""The key folder (nyckelmapp): every kommun's keys in files of their own, outside the database.

``master/N.key`` are the master keys, the highest number the current one. ``tenants/UUID.json`` holds
what one kommun's data are sealed with, each key wrapped by a master key (envelope): the data keys by
generation, the key of the blind indexes, the key pairs for what other kommuner hand over, and the keys
of the audit log. Whoever has only the database, or only the file of a kommun, has nothing. See docs/keys.md.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hemvist.clock import real_now
from hemvist.settings import MissingSetting, get_settings

KEY_BYTES = 32
#: The first byte of a sealed value is its generation.
MOST_GENERATIONS = 255
_NONCE_BYTES = 12
_FORMAT = 1


class KeysMissing(MissingSetting):
    """Keys that this process cannot do without are not there, or are damaged; says what to do."""


class KeysErased(KeysMissing):
    """The keys of this kommun were erased: what was sealed with them opens nowhere any more."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key as it lies in a file: encrypted under the master key of this number."""

    master: int
    made: str
    sealed: bytes
    #: Of a key pair: the half that everyone may have.
    public: bytes | None = None


@dataclass(frozen=True, slots=True)
class TenantFile:
    """The file of one kommun."""

    tenant_id: UUID
    current: int
    data: dict[int, Wrapped]
    index: Wrapped | None
    exchange: dict[int, Wrapped]
    erased: str | None = None
    #: Keys of the audit log by generation. None is ever retired: the log is read for years.
    audit: dict[int, Wrapped] = field(default_factory=dict)

    def every(self) -> Iterator[tuple[str, Wrapped]]:
        """Each wrapped key and what it is for, which is bound into it."""
        for generation, key in self.data.items():
            yield f"data:{generation}", key
        if self.index is not None:
            yield "index", self.index
        for generation, key in self.exchange.items():
            yield f"exchange:{generation}", key
        for generation, key in self.audit.items():
            yield f"audit:{generation}", key


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The folder at ``path``. ``makes`` says that what is missing may be made when first needed."""

    path: Path
    makes: bool = False

    # Master keys ---------------------------------------------------------------------------------

    def masters(self) -> dict[int, bytes]:
        """The master keys by number. Raises ``KeysMissing`` when there is none."""
        found = self._masters()
        if not found:
            raise KeysMissing(
                f"there is no master key in {self.path}: put the folder with the keys back, or make"
                " the first one with: hemvist keys create"
            )
        return found

    def start(self) -> None:
        """Make the first master key of a folder that has none.

        Raises ``KeysMissing`` where keys are wrapped by one that is gone.
        """
        with self.locked():
            if not self._masters():
                if self.tenants():
                    self.masters()
                self._new_master(1)

    def new_master(self) -> int:
        """Make one more master key, the current one from now on; its number."""
        return self._new_master(max(self._masters(), default=0) + 1)

    def remove_master(self, number: int) -> None:
        """Remove a master key that wraps nothing any more."""
        self._master_path(number).unlink(missing_ok=True)

    def _masters(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        for path in sorted((self.path / "master").glob("*.key")):
            try:
                key = bytes.fromhex(path.read_text().strip())
            except FileNotFoundError:
                continue  # Removed since it was listed.
            except (OSError, ValueError) as error:
                raise KeysMissing(f"{path} cannot be read as a key: {error}") from None
            if not path.stem.isdigit() or len(key) != KEY_BYTES:
                raise KeysMissing(f"{path} is no master key: 64 hexadecimal digits in NUMBER.key")
            found[int(path.stem)] = key
        return found

    def _new_master(self, number: int) -> int:
        _folder(self.path / "master")
        _write(self._master_path(number), secrets.token_hex(KEY_BYTES) + "\n")
        return number

    def _master_path(self, number: int) -> Path:
        return self.path / "master" / f"{number}.key"

    # Files of kommuner ---------------------------------------------------------------------------

    def tenants(self) -> list[UUID]:
        """The kommuner that have a file here."""
        return sorted(UUID(path.stem) for path in (self.path / "tenants").glob("*.json"))

    def mark(self, tenant_id: UUID) -> tuple[int, int, int] | None:
        """What changes whenever the kommun's file does; None when there is none."""
        try:
            found = self._tenant_path(tenant_id).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def read(self, tenant_id: UUID) -> TenantFile | None:
        """The kommun's file. Raises ``KeysMissing`` when it is no such file."""
        path = self._tenant_path(tenant_id)
        try:
            text = path.read_text()
        except FileNotFoundError:
            return None
        try:
            return _parsed(json.loads(text), tenant_id)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeysMissing(f"{path} is damaged: put its copy back") from None

    def write(self, file: TenantFile) -> None:
        """Put the file in place, whole. The caller holds the lock."""
        _folder(self.path / "tenants")
        _write(self._tenant_path(file.tenant_id), json.dumps(_written(file), indent=1) + "\n")

    def change(self, tenant_id: UUID, change: Callable[[TenantFile], TenantFile]) -> TenantFile:
        """The kommun's file as ``change`` leaves it. Raises ``KeysMissing`` where there is none."""
        with self.locked():
            file = self.read(tenant_id)
            if file is None:
                raise KeysMissing(f"there are no keys of kommun {tenant_id} in {self.path}")
            if file.erased is not None:
                raise KeysErased(f"the keys of kommun {tenant_id} were erased on {file.erased}")
            changed = change(file)
            self.write(changed)
        return changed

    def erase(self, tenant_id: UUID) -> None:
        """Replace the kommun's keys by the note that they are gone. There is no way back."""
        with self.locked():
            self.write(TenantFile(tenant_id, 0, {}, None, {}, erased=real_now().isoformat()))

    def _tenant_path(self, tenant_id: UUID) -> Path:
        return self.path / "tenants" / f"{tenant_id}.json"

    # Envelope ------------------------------------------------------------------------------------

    def wrap(
        self, tenant_id: UUID, purpose: str, key: bytes, public: bytes | None = None
    ) -> Wrapped:
        """``key`` under the current master key, bound to the kommun and to what it is for."""
        masters = self.masters()
        number = max(masters)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(masters[number]).encrypt(nonce, key, _bound(tenant_id, purpose))
        return Wrapped(number, real_now().isoformat(), nonce + sealed, public)

    def unwrap(self, tenant_id: UUID, purpose: str, key: Wrapped) -> bytes:
        """The key in clear. Raises ``KeysMissing`` without the master key that wrapped it."""
        master = self.masters().get(key.master)
        if master is None:
            raise KeysMissing(
                f"master key {key.master} is not in {self.path}: keys of kommun {tenant_id} are"
                " wrapped with it. Put it back."
            )
        nonce, body = key.sealed[:_NONCE_BYTES], key.sealed[_NONCE_BYTES:]
        try:
            return AESGCM(master).decrypt(nonce, body, _bound(tenant_id, purpose))
        except (InvalidTag, ValueError):
            raise KeysMissing(
                f"the key {purpose} of kommun {tenant_id} does not open with master key"
                f" {key.master} of {self.path}: another folder's, or damaged"
            ) from None

    def rewrapped(self, file: TenantFile) -> TenantFile:
        """``file`` with every key under the current master key."""

        def anew(purpose: str, key: Wrapped) -> Wrapped:
            clear = self.unwrap(file.tenant_id, purpose, key)
            return replace(
                self.wrap(file.tenant_id, purpose, clear, key.public),
                made=key.made,
            )

        index = None if file.index is None else anew("index", file.index)
        data = {number: anew(f"data:{number}", key) for number, key in file.data.items()}
        pairs = {number: anew(f"exchange:{number}", key) for number, key in file.exchange.items()}
        audit = {number: anew(f"audit:{number}", key) for number, key in file.audit.items()}
        return replace(file, index=index, data=data, exchange=pairs, audit=audit)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time changes the folder."""
        _folder(self.path)
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def key_folder() -> KeyFolder:
    """The folder that ``HEMVIST_KEY_FOLDER`` names. Raises ``KeysMissing`` when it names none.

    What is missing in it is made when first needed, but in production: there a kommun without keys
    may as well be a volume that was not mounted, and new keys would open nothing.
    """
    settings = get_settings()
    if settings.key_folder is None:
        raise KeysMissing(
            "HEMVIST_KEY_FOLDER is not set: the folder with the keys that data are sealed with"
        )
    return KeyFolder(settings.key_folder, makes=settings.environment != "production")


def require_keys() -> None:
    """Raise ``KeysMissing`` unless this process can reach the master keys."""
    folder = key_folder()
    if folder.makes:
        folder.start()
    folder.masters()


def _bound(tenant_id: UUID, purpose: str) -> bytes:
    return tenant_id.bytes + purpose.encode()


def _folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise


def _written(file: TenantFile) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "tenant": str(file.tenant_id),
        "current": file.current,
        "data": {str(number): _key(key) for number, key in file.data.items()},
        "index": None if file.index is None else _key(file.index),
        "exchange": {str(number): _key(key) for number, key in file.exchange.items()},
        "audit": {str(number): _key(key) for number, key in file.audit.items()},
        "erased": file.erased,
    }


def _key(key: Wrapped) -> dict[str, Any]:
    written: dict[str, Any] = {
        "master": key.master,
        "made": key.made,
        "wrapped": base64.b64encode(key.sealed).decode(),
    }
    if key.public is not None:
        written["public"] = base64.b64encode(key.public).decode()
    return written


def _parsed(data: dict[str, Any], tenant_id: UUID) -> TenantFile:
    if data["format"] != _FORMAT or data["tenant"] != str(tenant_id):
        raise ValueError("another format, or another kommun's file")
    index = data["index"]
    file = TenantFile(
        tenant_id,
        int(data["current"]),
        {int(number): _unwritten(key) for number, key in data["data"].items()},
        None if index is None else _unwritten(index),
        {int(number): _unwritten(key) for number, key in data["exchange"].items()},
        data["erased"],
        # Files from before the log had keys have none: ``hemvist keys create`` adds the first.
        {int(number): _unwritten(key) for number, key in data.get("audit", {}).items()},
    )
    if file.erased is None and (file.current not in file.data or file.index is None):
        raise ValueError("no current key")
    return file


def _unwritten(key: dict[str, Any]) -> Wrapped:
    public = key.get("public")
    return Wrapped(
        int(key["master"]),
        str(key["made"]),
        base64.b64decode(key["wrapped"], validate=True),
        None if public is None else base64.b64decode(public, validate=True),
    )
