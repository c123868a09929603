"""What every table must say of itself: whose rows it holds, and which role may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

#: The transaction-local setting that row security compares with.
TENANT_SETTING = "hemvist.tenant_id"
PRINCIPAL_SETTING = "hemvist.principal_id"
#: ``on`` while the tables' owner seals with another key what is kept as it is (``hemvist keys reseal``).
RESEALING_SETTING = "hemvist.resealing"
#: In the principal's place where the platform acts in a session of the staff's role for somebody who is
#: none of it: a landlord, who acts on what it has been shown. No circle hides anything from it.
THE_PLATFORM = UUID(int=0)

READ = ("SELECT",)
APPEND = ("SELECT", "INSERT")
WRITE = ("SELECT", "INSERT", "UPDATE")
FULL = ("SELECT", "INSERT", "UPDATE", "DELETE")

Grants = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Owned:
    """Rows of one tenant each: composite keys, row security enabled and forced.

    ``triggers`` names those that hold what no constraint can say; any other is a fault.
    """

    grants: Grants
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Global:
    """Rows that belong to no tenant. ``reason`` says why that is safe.

    ``triggers`` as for ``Owned``.
    """

    reason: str
    grants: Grants
    triggers: tuple[str, ...] = ()


Declaration = Owned | Global


def policy_expression() -> str:
    """The row-security predicate. A setting that is missing or empty matches no row."""
    return f"tenant_id = NULLIF(current_setting('{TENANT_SETTING}', true), '')::uuid"


def security_statements(table: str, declaration: Declaration) -> list[str]:
    """The SQL that carries ``declaration`` out on ``table``, for a migration to run."""
    statements: list[str] = []
    if isinstance(declaration, Owned):
        predicate = policy_expression()
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_isolation ON {table} USING ({predicate})"
            f" WITH CHECK ({predicate})",
        ]
    statements += [
        f"GRANT {', '.join(privileges)} ON {table} TO {role}"
        for role, privileges in sorted(declaration.grants.items())
    ]
    return statements
