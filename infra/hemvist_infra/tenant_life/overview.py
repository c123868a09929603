"""How each kommun of the register stands, for the operator: no person is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, func, select, text

from hemvist.db import owner_url
from hemvist.identity import Role
from hemvist.identity.models import MembershipRow
from hemvist.policy.models import PackAdoption
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.key_folder import key_folder
from hemvist_infra.database import migrating_connection


@dataclass(frozen=True, slots=True)
class Standing:
    """One kommun of the register."""

    slug: str
    status: str
    #: Whether the folder has its file: without one nobody can log in.
    file: bool
    #: ``yes``, ``none`` or ``erased``.
    keys: str
    guidelines: int
    #: Whether somebody with the administrator's role has logged in.
    administrator: bool


def standings() -> Iterator[Standing]:
    """Every kommun by its slug. Raises ``HemvistError`` when the database does not answer."""
    folder, keys = get_settings().tenants_dir, key_folder()
    with migrating_connection(owner_url().render_as_string(hide_password=False)) as connection:
        kommuner = connection.execute(
            select(Tenant.id, Tenant.slug, Tenant.status)
            .where(Tenant.kind == "kommun")
            .order_by(Tenant.slug)
        ).all()
        for tenant_id, slug, status in kommuner:
            connection.execute(
                text("SELECT set_config(:setting, :tenant, true)"),
                {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
            )
            kept = keys.read(tenant_id)
            yield Standing(
                slug,
                status,
                folder is None or (folder / f"{slug}.toml").is_file(),
                "none" if kept is None else "yes" if kept.erased is None else "erased",
                connection.scalar(select(func.count()).select_from(PackAdoption)) or 0,
                bool(
                    connection.scalar(
                        select(exists().where(MembershipRow.role == Role.TENANT_ADMIN.value))
                    )
                ),
            )
