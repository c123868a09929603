"""A kommun's support providers: read from its file, and entered in the register."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from hemvist.identity.support_providers import REGIMES, SupportProvider
from hemvist.ids import new_id
from hemvist_tenants.config import Provider
from hemvist_tenants.reading import Table

_CODE = re.compile(r"[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9-]{0,19}")


def read_provider(table: Table) -> Provider:
    """One provider of the file; what does not hold is noted in the table's faults."""
    code = table.text("code")
    if table.sound("code") and not _CODE.fullmatch(code):
        table.fault("code", f"is {code!r}, must be capital letters, digits and '-'")
    percent = table.number("volume_percent")
    if percent is not None and not 0 <= percent <= 100:
        table.fault("volume_percent", f"is {percent}, must be between 0 and 100")
    provider = Provider(
        code=code,
        name_sv=table.text("name_sv"),
        name_en=table.text("name_en"),
        regime=table.choice("regime", REGIMES),
        volume_percent=percent,
        active=table.flag("active", True),
    )
    table.finish()
    return provider


def enter_providers(owner: Connection, tenant_id: UUID, providers: tuple[Provider, ...]) -> None:
    """Enter the providers of a kommun, each by its code.

    One that is no longer in the file takes no new commissions; what it has goes on. ``owner`` has
    the kommun as its setting.
    """
    owner.execute(
        text("UPDATE support_providers SET active = false WHERE tenant_id = :tenant"),
        {"tenant": tenant_id},
    )
    for one in providers:
        made = insert(SupportProvider).values(
            tenant_id=tenant_id,
            id=new_id(),
            code=one.code,
            name_sv=one.name_sv,
            name_en=one.name_en,
            regime=one.regime,
            volume_percent=one.volume_percent,
            active=one.active,
        )
        kept = ("name_sv", "name_en", "regime", "volume_percent", "active")
        owner.execute(
            made.on_conflict_do_update(
                index_elements=["tenant_id", "code"],
                set_={name: made.excluded[name] for name in kept},
            )
        )
