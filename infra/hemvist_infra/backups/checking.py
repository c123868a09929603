"""Looking through a base backup and the log since: whole, and with the private half, opened to its end."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist_infra.backups.boxes import BoxBroken, opened
from hemvist_infra.backups.store import Base, Store


def check(store: Store, base: Base, private: X25519PrivateKey | None) -> Iterator[str]:
    """What is wrong with it, a line each."""
    yield from store.findings(base)
    if private is None:
        return
    files = [store.data_of(base.id)]
    for segment, whole in store.since(base).items():
        files.append(store.box_of(segment.name(base.segment_bytes), partial=not whole))
    for path, name in files:
        if path.exists():
            try:
                for _ in opened(path, name, private):
                    pass
            except BoxBroken as broken:
                yield str(broken)
