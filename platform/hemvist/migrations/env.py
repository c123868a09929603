"""Run by Alembic. The caller gives the connection, already in the owner's role."""

from __future__ import annotations

from alembic import context

from hemvist.migrations.rendering import compared, with_security
from hemvist.migrations.tables import metadata


def run() -> None:
    """Carry out what Alembic was asked for on the connection in ``attributes``."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrations are run by 'hemvist db migrate', which gives the connection")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=compared,
        compare_server_default=True,
        process_revision_directives=with_security,
        transaction_per_migration=True,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
