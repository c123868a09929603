"""Sealed files (boxes): whoever makes backups can close one and not open it again.

Each file has a key of its own, sealed by HPKE (RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM) to the public
half of the backups' key. The content is compressed and encrypted in pieces (AES-256-GCM), whose nonces
count and say which is the last: a piece changed, left out, moved or cut off does not open. The name is
bound in, so that one file cannot stand in another's place.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.embedded.folder import write_secret

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"hemvist backup 1\0"
_MAGIC = b"hemvist box 1\n"
#: Bytes of content in a piece.
PIECE = 1 << 20
#: A piece that does not compress grows by little; longer than this is none of ours.
_LONGEST = PIECE + (1 << 16)
_KEY_BYTES = 32


class BoxBroken(BackupProblem):
    """A sealed file was changed, cut off, is another one, or was sealed to another key."""


class Closed(NamedTuple):
    """A file as it lies in the folder."""

    size: int
    sha256: str


def make_keys(private: Path) -> Path:
    """Make a key pair: the private half in ``private``, the public beside it as ``NAME.pub``.

    Raises ``BackupProblem`` where there is such a file: what was sealed to its key would open no more.
    """
    public = private.with_name(f"{private.name}.pub")
    for path in (private, public):
        if path.exists():
            raise BackupProblem(f"{path} is there already: choose another name")
    pair = X25519PrivateKey.generate()
    private.parent.mkdir(parents=True, exist_ok=True)
    write_secret(private, f"{pair.private_bytes_raw().hex()}\n")
    public.write_text(f"{pair.public_key().public_bytes_raw().hex()}\n")
    return public


def read_public(path: Path) -> X25519PublicKey:
    """The public half in ``path``. Raises ``BackupProblem``."""
    return X25519PublicKey.from_public_bytes(_read_key(path, "public"))


def read_private(path: Path) -> X25519PrivateKey:
    """The private half in ``path``. Raises ``BackupProblem``."""
    return X25519PrivateKey.from_private_bytes(_read_key(path, "private"))


def fingerprint(public: X25519PublicKey) -> str:
    """What a pair is told by: the beginning of the public half's SHA-256."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


class Box:
    """A file being sealed. It has its name from ``close`` on, whole and on the disk; never before."""

    def __init__(self, path: Path, name: str, public: X25519PublicKey) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self._name = name.encode()
        self._count = 0
        self._waiting = bytearray()
        self._sum = hashlib.sha256()
        self._size = 0
        key = secrets.token_bytes(_KEY_BYTES)
        self._cipher = AESGCM(key)
        sealed = _SUITE.encrypt(key, public, _PURPOSE + self._name)
        self._file: BinaryIO = self._draft.open("wb")
        self._put(_MAGIC + len(sealed).to_bytes(2, "big") + sealed)

    def write(self, content: bytes) -> None:
        """Add ``content``."""
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> Closed:
        """Seal the rest, see that it is on the disk, and give the file its name."""
        self._piece(bytes(self._waiting), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._path)
        sync_folder(self._path.parent)
        return Closed(self._size, self._sum.hexdigest())

    def drop(self) -> None:
        """Leave it: nothing of it stays."""
        self._file.close()
        self._draft.unlink(missing_ok=True)

    def _piece(self, content: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._count, last), zlib.compress(content, 1), None)
        self._count += 1
        self._put(len(sealed).to_bytes(4, "big") + sealed)

    def _put(self, content: bytes) -> None:
        self._file.write(content)
        self._sum.update(content)
        self._size += len(content)


def seal_file(path: Path, name: str, public: X25519PublicKey, content: bytes) -> Closed:
    """Seal ``content`` as the file ``path``."""
    box = Box(path, name, public)
    try:
        box.write(content)
        return box.close()
    except BaseException:
        box.drop()
        raise


def opened(path: Path, name: str, private: X25519PrivateKey) -> Iterator[bytes]:
    """The content of a sealed file, piece by piece. Raises ``BoxBroken`` where it is not as it was sealed.

    What came before a broken piece was genuine: whoever takes it must throw it away all the same.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise BoxBroken(f"{path} is no sealed file of Hemvist's, or its beginning was changed")
        sealed = file.read(int.from_bytes(file.read(2), "big"))
        try:
            cipher = AESGCM(_SUITE.decrypt(sealed, private, _PURPOSE + name.encode()))
        except (InvalidTag, ValueError):
            raise BoxBroken(
                f"{path} was sealed to another key, is another file, or was changed"
            ) from None
        count, last = 0, False
        while not last:
            length = int.from_bytes(file.read(4), "big")
            piece = file.read(length) if length <= _LONGEST else b""
            last = not file.peek(1)
            if len(piece) != length:
                raise BoxBroken(f"{path} was changed or cut off (piece {count + 1})")
            try:
                content = zlib.decompress(cipher.decrypt(_nonce(count, last), piece, None))
            except (InvalidTag, ValueError, zlib.error):
                raise BoxBroken(f"{path} was changed or cut off (piece {count + 1})") from None
            count += 1
            yield content


def digest(path: Path) -> Closed:
    """Size and SHA-256 of a file as it lies there: whoever has no key can compare it at least."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return Closed(path.stat().st_size, found)


def sync_folder(folder: Path) -> None:
    """See that the names in ``folder`` are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _read_key(path: Path, which: str) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise BackupProblem(
            f"the {which} half of the backups' key is not at {path}: put it back"
        ) from None
    except (ValueError, OSError) as wrong:
        raise BackupProblem(f"{path} holds no key: {wrong}") from None
    if len(key) != _KEY_BYTES:
        raise BackupProblem(f"{path} holds no key: it has {len(key)} bytes, not {_KEY_BYTES}")
    return key
