"""What a statement says of the kommun itself, so that Python need not ask again: its line in the
register, its own approved versions of guidelines, and the guidelines that it works by.

Read anew by each statement whose fields may want it: nothing of it can be out of date, or another
kommun's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause

from hemvist.pack_versions.models import PackVersion
from hemvist.policy.models import PackAdoption
from hemvist.tenancy import Tenant

#: The column of the statement that holds it.
KNOWN = "0known"


def known_of(tenant: ColumnElement[Any]) -> tuple[LateralFromClause, ColumnElement[Any]]:
    """The sub-select to join, and its text, which ``hemvist_graphql.known`` reads."""
    alias = "0k"
    joined = select(known_text(tenant).label(KNOWN)).lateral(alias)
    return joined, cast(literal_column(f'"{alias}"."{KNOWN}"'), Text)


def known_text(tenant: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is known of the kommun, as JSON."""
    register = select(func.json_build_array(Tenant.kommun_code, Tenant.slug, Tenant.name)).where(
        Tenant.id == tenant
    )
    version = func.json_build_array(
        PackVersion.pack,
        PackVersion.number,
        PackVersion.in_force_from,
        PackVersion.in_force_to,
        PackVersion.state,
        PackVersion.id,
        PackVersion.content_hash,
    )
    own = select(func.json_agg(version)).where(
        PackVersion.tenant_id == tenant, PackVersion.approved_at.is_not(None)
    )
    adoption = func.json_build_array(PackAdoption.pack, PackAdoption.since, PackAdoption.until)
    adopted = select(func.json_agg(aggregate_order_by(adoption, PackAdoption.pack))).where(
        PackAdoption.tenant_id == tenant
    )
    return func.json_build_array(
        register.scalar_subquery(), own.scalar_subquery(), adopted.scalar_subquery()
    )
