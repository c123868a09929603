"""Rights: row security on every tenant's table, grants as declared, and roles without powers."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from hemvist.db import Audience
from hemvist.landlords.views import VIEWS_ROLE
from hemvist.retention import fates
from hemvist.tenancy import Owned
from hemvist.tenancy.declaration import policy_expression
from hemvist_infra.catalogue.relations import SCHEMA, Relation
from hemvist_infra.circle_policies import declared as declared_of_circles
from hemvist_infra.database import OWNER_ROLE
from hemvist_infra.landlord_views import declared_policies

_POLICIES = text(
    "SELECT polname, polcmd, polpermissive, polroles = '{0}', pg_get_expr(polqual, polrelid),"
    " pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = :oid"
)
_GRANTS = text(
    "SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,"
    " a.privilege_type, a.is_grantable FROM pg_class c, aclexplode(c.relacl) a"
    " WHERE c.oid = :oid AND a.grantee <> c.relowner"
)
_COLUMN_GRANTS = text(
    # Those of the views' owner are held against the views.
    "SELECT DISTINCT a.attname FROM pg_attribute a, aclexplode(a.attacl) x"
    " WHERE a.attrelid = :oid AND x.grantee IS DISTINCT FROM"
    " (SELECT oid FROM pg_roles WHERE rolname = :views)"
)
_ROLES = text(
    "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
    " rolreplication FROM pg_roles WHERE rolname = ANY(:names)"
)
_MEMBERSHIPS = text(
    "SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
    " JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname = ANY(:names)"
)
_SCHEMA_GRANTS = text(
    "SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,"
    " a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a"
    " WHERE n.nspname = :schema AND a.grantee <> n.nspowner"
)


def table_problems(connection: Connection, relation: Relation) -> list[str]:
    """What is wrong with owner, row security and grants of a declared table."""
    found = _grants(connection, relation)
    if relation.owner != OWNER_ROLE:
        found.append(f"{relation.name}: owned by {relation.owner}")
    of_views = declared_policies() | declared_of_circles().keys()
    policies = [
        row
        for row in connection.execute(_POLICIES, {"oid": relation.oid})
        if (relation.name, row[0]) not in of_views
    ]
    if not isinstance(relation.declaration, Owned):
        return found
    if not relation.row_security:
        found.append(f"{relation.name}: row security is off")
    if not relation.forced:
        found.append(f"{relation.name}: row security does not bind its owner")
    if len(policies) != 1:
        found.append(f"{relation.name}: has {len(policies)} policies, not one")
    for name, command, permissive, everybody, using, check in policies:
        expected = _bare(policy_expression())
        if (command, permissive, everybody) != ("*", True, True):
            found.append(f"{relation.name}: policy {name} is not for every command and role")
        if _bare(using or "") != expected or _bare(check or "") != expected:
            found.append(f"{relation.name}: policy {name} does not compare the tenant")
    return found


def role_problems(connection: Connection) -> list[str]:
    """What is wrong with the roles themselves and what they may do in the schema."""
    found: list[str] = []
    audiences = [audience.value for audience in Audience]
    owners = (OWNER_ROLE, VIEWS_ROLE)
    names = [*audiences, *owners]
    seen = set()
    for name, logs_in, *powers in connection.execute(_ROLES, {"names": names}):
        seen.add(name)
        if any(powers):
            found.append(f"role {name}: has powers beyond its grants")
        if logs_in != (name not in owners):
            found.append(f"role {name}: {'logs in' if logs_in else 'does not log in'}")
    found += [f"role {name}: missing" for name in names if name not in seen]
    for member, group in connection.execute(_MEMBERSHIPS, {"names": names}):
        found.append(f"role {member}: may become {group}")
    for grantee, privilege in connection.execute(_SCHEMA_GRANTS, {"schema": SCHEMA}):
        if grantee == "PUBLIC" or (grantee in audiences and privilege != "USAGE"):
            found.append(f"schema {SCHEMA}: {grantee} has {privilege}")
    return found


def _grants(connection: Connection, relation: Relation) -> list[str]:
    assert relation.declaration is not None
    found: list[str] = []
    granted: set[tuple[str, str]] = set()
    for grantee, privilege, grantable in connection.execute(_GRANTS, {"oid": relation.oid}):
        granted.add((grantee, privilege))
        if grantable:
            found.append(f"{relation.name}: {grantee} may hand on {privilege}")
    wanted = {
        (role, privilege)
        for role, privileges in relation.declaration.grants.items()
        for privilege in privileges
    } | {(fates.ROLE, privilege) for privilege in fates.grants(relation.name)}
    found += [f"{relation.name}: {who} has {what} undeclared" for who, what in granted - wanted]
    found += [f"{relation.name}: {who} lacks {what}" for who, what in wanted - granted]
    for (column,) in connection.execute(_COLUMN_GRANTS, {"oid": relation.oid, "views": VIEWS_ROLE}):
        found.append(f"{relation.name}.{column}: has a grant of its own")
    return found


def _bare(expression: str) -> str:
    """``expression`` without what PostgreSQL adds when it prints one back."""
    return re.sub(r"::text|[\s()]", "", expression)
