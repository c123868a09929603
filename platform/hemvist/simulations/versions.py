"""A version by its number: one that cases may be pinned to, or a draft that has passed its check."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.pack_versions import packs_of
from hemvist.pack_versions.models import PackVersion
from hemvist.policy import Pack
from hemvist.tenancy import TenantSession


def version_of(session: TenantSession, pack: str, number: str) -> Pack:
    """The version as the kommun has it. Raises ``PolicyError`` when there is none to be asked."""
    library = packs_of(session)
    own = session.execute(
        select(PackVersion.id, PackVersion.approved_at).where(
            PackVersion.pack == pack, PackVersion.number == number
        )
    ).first()
    if own is not None and own.approved_at is None:
        return library.stored(own.id)
    return library.get(pack, number)
