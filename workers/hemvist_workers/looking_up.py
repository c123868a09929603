"""The register that a kommun's people are looked up in, made ready to be asked."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from hemvist.registers import FileRegister, Register, RemoteRegister
from hemvist.settings import get_settings
from hemvist_tenants import RegisterEntry, TenantConfig, TenantFileError


def register_of(tenant: TenantConfig) -> Register | None:
    """What the kommun's people are looked up in; None where it has named nothing.

    A development run may have a file for every kommun that names none (``HEMVIST_REGISTER_FILE``).
    Raises ``TenantFileError`` where the token of a service cannot be had.
    """
    entry = tenant.register
    if entry is None:
        settings = get_settings()
        if settings.register_file is None or settings.environment == "production":
            return None
        entry = RegisterEntry("file", str(settings.register_file), "Folkbokföringen", "", False)
    if entry.kind == "file":
        return _file(entry.place, entry.name, entry.left_out_means_no)
    return RemoteRegister(
        entry.place, entry.name, _token(tenant.slug, entry), entry.left_out_means_no
    )


@lru_cache(maxsize=64)
def _file(place: str, name: str, left_out_means_no: bool) -> FileRegister:
    # One for each file, so that it is read once and not for each question.
    return FileRegister(Path(place), name, left_out_means_no)


def _token(slug: str, entry: RegisterEntry) -> str:
    kind, _, place = entry.token_from.partition(":")
    try:
        token = os.environ[place] if kind == "env" else Path(place).read_text().strip()
    except (KeyError, OSError) as error:
        raise TenantFileError(
            f"{slug}.toml", "protection.register.token_from", "cannot be had"
        ) from error
    if not token:
        raise TenantFileError(f"{slug}.toml", "protection.register.token_from", "is empty")
    return token
