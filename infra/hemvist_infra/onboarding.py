"""Entering the kommuner of ``tenants/`` in the database's register, and the packs they work by."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hemvist import audit
from hemvist.db import Audience, owner_url
from hemvist.errors import HemvistError
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.networks import NetworkRulesError
from hemvist.networks import service as networks
from hemvist.policy import Registry
from hemvist.policy.models import PackAdoption
from hemvist.tenancy import Tenant, tenant_session
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.key_folder import key_folder, require_keys
from hemvist.tenancy.key_making import create_keys
from hemvist_infra.database import migrating_connection
from hemvist_tenants import TenantConfig, load_tenants, onboard
from hemvist_tenants.delegation import enter_orders
from hemvist_tenants.providers import enter_providers
from hemvist_tenants.transfer_networks import load_networks


def onboard_all() -> list[str]:
    """Enter every kommun that has a file, or bring its name up to date; their slugs.

    A kommun adopts the packs that its file names, from the first day of the pack's text; one that
    it has adopted already keeps its day. Raises ``TenantFileError`` when a file does not hold,
    ``PolicyError`` when a pack is not installed, ``HemvistError`` when the database does not answer,
    ``KeysMissing`` without the key folder: each kommun gets its keys here. The networks for protected
    moves are entered beside them.
    """
    tenants = load_tenants()
    registry = Registry.discover()
    url = owner_url().render_as_string(hide_password=False)
    require_keys()
    entered: list[UUID] = []
    with migrating_connection(url) as connection:
        for tenant in tenants.values():
            tenant_id = onboard(connection, tenant)
            adopt(connection, registry, tenant_id, tenant)
            enter_orders(connection, tenant_id, tenant.delegation)
            enter_providers(connection, tenant_id, tenant.support_providers)
            entered.append(tenant_id)
        for content in load_networks():
            try:
                entered.append(networks.enter(connection, content))
            except NetworkRulesError as error:
                raise HemvistError(str(error)) from None
        connection.commit()
    folder = key_folder()
    for tenant_id in entered:
        create_keys(folder, tenant_id)
    return list(tenants)


def adopt(
    connection: Connection, registry: Registry, tenant_id: UUID, tenant: TenantConfig
) -> None:
    """Let the kommun work by the packs that its file names; one adopted already keeps its day.

    The connection has the kommun as its setting afterwards. Raises ``PolicyError`` for an unknown pack.
    """
    # Row security holds for the owner too.
    connection.execute(
        text("SELECT set_config(:setting, :tenant, true)"),
        {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
    )
    for name in tenant.policy_packs:
        connection.execute(
            insert(PackAdoption)
            .values(
                tenant_id=tenant_id,
                id=new_id(),
                pack=name,
                since=registry.get(name).in_force.start,
                until=None,
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "pack"])
        )


def record_act(tenant_id: UUID, action: str, details: Mapping[str, str]) -> None:
    """Enter what an operator does with a kommun in the kommun's own log: no entry, no act.

    In a transaction of its own, since the owner's role writes no log. ``details`` are codes.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        audit.record(session, Actor.system(tenant_id), action, details=details)


def _require_keys_of(slug: str, tenant_id: UUID) -> None:
    file = key_folder().read(tenant_id)
    if file is not None and file.erased is not None:
        raise HemvistError(
            f"the keys of {slug} were erased on {file.erased[:10]}: it does not come back"
        )


#: From which statuses a kommun may come into one. What is in preparation is opened by what prepares it.
MOVES = {
    "suspended": ("active", "suspended"),
    "active": ("active", "suspended", "closed"),
    "closed": ("preparing", "active", "suspended", "closed"),
}


def set_status(slug: str, status: str) -> None:
    """Suspend, close or take up a kommun in the register (``MOVES``).

    From the next statement on, staff, programs and landlords reach a kommun only while it is active, and
    workers begin nothing in another. Its data stay. Raises ``HemvistError`` for a kommun that is not in
    the register, for a move that there is not, and for opening one whose keys were erased.
    """
    url = owner_url().render_as_string(hide_password=False)
    with migrating_connection(url) as connection:
        found = connection.execute(
            select(Tenant.id, Tenant.status)
            .where(Tenant.slug == slug, Tenant.kind == "kommun")
            .with_for_update(key_share=True)
        ).first()
        if found is None:
            raise HemvistError(f"there is no kommun {slug!r} in the register")
        tenant_id, was = found
        if was not in MOVES[status]:
            raise HemvistError(f"{slug} is {was}: from there it cannot become {status}")
        if status == "active":
            _require_keys_of(slug, tenant_id)
        if was != status:
            record_act(tenant_id, f"tenant.{status}", {"was": was})
        connection.execute(update(Tenant).where(Tenant.slug == slug).values(status=status))
        connection.commit()
