"""Who asks is who they were, proved by the statement that reads for them.

To look somebody up costs a round trip of its own. A request by somebody who was looked up before takes
what was found then for granted, and its statement proves it: the kommun is open, the session lives,
the principal is not blocked and holds the same memberships at that very moment. Where that does not
hold, the CTE ``asking`` has no row; then there is nothing to read by, nothing is logged, and they are
looked up.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    LargeBinary,
    Text,
    Uuid,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hemvist.identity.models import LoginSession, MembershipRow, Principal
from hemvist.identity.standing import BETWEEN, WITHIN, Proving
from hemvist.tenancy.models import ACTIVE, Tenant
from hemvist_graphql.compiled.parameters import Given
from hemvist_graphql.compiled.rows import of

#: Not to be taken for a response key or another CTE.
_NAMED = "0named"


class Unproven(Exception):
    """What was taken for granted does not hold any more."""


def proved(named: Any, proving: Proving, given: Given) -> CTE:
    """The CTE ``asking`` of a statement, with a row only if the asker stands as they did.

    ``named`` is a SELECT that sets the tenant. Each look-up stays one by its OFFSET: joined, it could
    be read before the tenant is set.
    """
    source = named.cte(_NAMED).prefix_with("MATERIALIZED")
    tenant = of(_NAMED, "tenant", Uuid())
    conditions = [_is_open(tenant), _stands(tenant, given), _holds(tenant, given)]
    if proving is Proving.SESSION:
        conditions.append(_lives(tenant, given))
    return (
        select(tenant.label("tenant"), of(_NAMED, "principal", Text()).label("principal"))
        .select_from(source)
        .where(*conditions)
        .cte("asking")
        .prefix_with("MATERIALIZED")
    )


def _looked_up(rows: Any) -> ColumnElement[bool]:
    return exists(rows.offset(literal_column("0")))


def _is_open(tenant: ColumnElement[Any]) -> ColumnElement[bool]:
    return _looked_up(
        select(Tenant.id).where(Tenant.id == tenant, Tenant.status == literal_column(f"'{ACTIVE}'"))
    )


def _stands(tenant: ColumnElement[Any], given: Given) -> ColumnElement[bool]:
    refreshed = given("proof_refreshed", DateTime(timezone=True))
    return _looked_up(
        select(Principal.id).where(
            Principal.tenant_id == tenant,
            Principal.id == given("principal", Uuid()),
            Principal.status == given("proof_status", Text()),
            Principal.memberships_refreshed_at.is_not_distinct_from(refreshed),
        )
    )


def _holds(tenant: ColumnElement[Any], given: Given) -> ColumnElement[bool]:
    role, department = MembershipRow.role, MembershipRow.department
    within, between = (func.chr(literal_column(str(ord(sign)))) for sign in (WITHIN, BETWEEN))
    one = role.op("||")(within).op("||")(department)
    held = func.string_agg(one, aggregate_order_by(between, role, department))
    now = (
        select(func.coalesce(held, literal_column("''")))
        .where(
            MembershipRow.tenant_id == tenant,
            MembershipRow.principal_id == given("principal", Uuid()),
        )
        .scalar_subquery()
    )
    return now == given("proof_held", Text())


def _lives(tenant: ColumnElement[Any], given: Given) -> ColumnElement[bool]:
    now = given("proof_now", DateTime(timezone=True))
    return _looked_up(
        select(LoginSession.id).where(
            LoginSession.tenant_id == tenant,
            LoginSession.id == given("proof_session", Uuid()),
            LoginSession.principal_id == given("principal", Uuid()),
            LoginSession.secret_sha256 == given("proof_secret", LargeBinary()),
            LoginSession.revoked_at.is_(None),
            LoginSession.idle_expires_at > now,
            LoginSession.ends_at > now,
        )
    )
