"""How a generated migration comes to carry row security and grants, frozen as plain statements."""

from __future__ import annotations

from collections.abc import Iterable

from alembic.migration import MigrationContext
from alembic.operations.ops import (
    CreateTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    MigrationScript,
    OpContainer,
)
from sqlalchemy import Table

from hemvist.migrations.tables import metadata
from hemvist.tenancy import security_statements

#: Kept by Alembic itself: which migration the database has. Holds nothing of anybody.
VERSION_TABLE = "alembic_version"


def statements_for(table: Table) -> list[str]:
    """The policy and grant statements that ``table`` has declared."""
    return security_statements(table.name, table.info["tenancy"])


def with_security(
    context: MigrationContext,
    revision: str | Iterable[str | None] | Iterable[str],
    directives: list[MigrationScript],
) -> None:
    """After every new table of a generated migration, say who may see its rows.

    The statements are written out, so that a later change of the code that makes them changes no
    migration that has run.
    """
    for script in directives:
        if script.upgrade_ops is not None:
            _secure(script.upgrade_ops)


def _secure(container: OpContainer) -> None:
    operations: list[MigrateOperation] = []
    for operation in container.ops:
        operations.append(operation)
        if isinstance(operation, CreateTableOp):
            table = metadata.tables[operation.table_name]
            # The declaration is Python; only the statements it gives belong in the migration.
            operation.info = {}
            operations += [ExecuteSQLOp(statement) for statement in statements_for(table)]
    container.ops[:] = operations


def compared(name: str | None, kind: str, parents: object) -> bool:
    """Whether autogeneration looks at an object of the database."""
    return not (kind == "table" and name == VERSION_TABLE)
