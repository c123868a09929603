"""The development issuer's signing keys, kept so that a restart leaves sessions valid."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from joserfc.jwk import ECKey, JWKRegistry, RSAKey

SigningKey = RSAKey | ECKey


def signing_key(data_dir: Path, slug: str, algorithm: str) -> SigningKey:
    """The key of the kommun's issuer for ``algorithm``, made the first time it is asked for."""
    folder = data_dir / "dev-issuer"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{slug}.{algorithm}.jwk.json"
    if file.exists():
        key = JWKRegistry.import_key(json.loads(file.read_text()))
        assert isinstance(key, RSAKey | ECKey)
        return key
    made: SigningKey
    if algorithm.startswith("ES"):
        made = ECKey.generate_key("P-256", {"alg": algorithm, "use": "sig"}, auto_kid=True)
    else:
        made = RSAKey.generate_key(2048, {"alg": algorithm, "use": "sig"}, auto_kid=True)
    # Written whole and then put in place: a start cut short leaves no half key.
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w") as stream:
        json.dump(made.as_dict(private=True), stream)
    os.replace(name, file)
    return made
