"""Run by Alembic. The caller gives the connection, already in the owner's role."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from alembic import context
from alembic.migration import MigrationContext

from hemvist.migrations import fit
from hemvist.migrations.chain import schema_at
from hemvist.migrations.rendering import compared, with_security
from hemvist.migrations.tables import metadata


def run() -> None:
    """Carry out what Alembic was asked for on the connection in ``attributes``."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrations are run by 'hemvist db upgrade', which gives the connection")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=compared,
        compare_server_default=True,
        process_revision_directives=with_security,
        on_version_apply=_said,
        transaction_per_migration=True,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _said(ctx: MigrationContext, step: Any, heads: Collection[Any], run_args: Any) -> None:
    """In the migration's own transaction, so that what is said and what is there are one."""
    assert ctx.connection is not None
    known = context.config.attributes.get("schemas", {})
    schema = None
    if heads:
        schema = known.get(max(heads)) or schema_at(context.script, max(heads))
    fit.write(ctx.connection, schema)


run()
