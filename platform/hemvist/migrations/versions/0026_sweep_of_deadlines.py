"""What the sweep of deadlines needs: an index on what it has not marked, and how far is laid out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_UNMARKED = "ix_obligations_unmarked"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "obligation_horizons",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_obligation_horizons_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_obligation_horizons_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_obligation_horizons")),
        sa.UniqueConstraint(
            "tenant_id", "case_id", name=op.f("uq_obligation_horizons_tenant_id_case_id")
        ),
    )
    op.execute("ALTER TABLE obligation_horizons ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE obligation_horizons FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON obligation_horizons USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON obligation_horizons TO hemvist_worker")
    op.create_index(
        _UNMARKED,
        "obligations",
        ["tenant_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='open' AND overdue_since IS NULL"),
    )


def downgrade() -> None:
    """Go back; the worker looks at every case anew."""
    op.drop_index(
        _UNMARKED,
        table_name="obligations",
        postgresql_where=sa.text("state='open' AND overdue_since IS NULL"),
    )
    op.drop_table("obligation_horizons")
