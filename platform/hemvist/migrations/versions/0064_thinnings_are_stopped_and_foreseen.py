"""Who stopped a thinning, and which years its kommun's cases come due in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("thinning_runs", sa.Column("stopped_by", sa.Uuid(), nullable=True))
    op.add_column(
        "thinning_runs", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "thinning_runs",
        sa.Column(
            "forecast",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.create_foreign_key(
        op.f("fk_thinning_runs_tenant_id_stopped_by"),
        "thinning_runs",
        "principals",
        ["tenant_id", "stopped_by"],
        ["tenant_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_thinning_runs_stopped"),
        "thinning_runs",
        "(stopped_at IS NULL) = (stopped_by IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_thinning_runs_stopped_approved"),
        "thinning_runs",
        "stopped_at IS NULL OR approved_by IS NOT NULL",
    )
    # In the order in which the pages list them.
    op.create_index(
        op.f("ix_retention_marks_tenant_id_placed_on_id"),
        "retention_marks",
        ["tenant_id", "placed_on", "id"],
    )
    op.create_index(
        op.f("ix_thinning_items_tenant_id_run_id_id"),
        "thinning_items",
        ["tenant_id", "run_id", "id"],
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_thinning_items_tenant_id_run_id_id"), table_name="thinning_items")
    op.drop_index(op.f("ix_retention_marks_tenant_id_placed_on_id"), table_name="retention_marks")
    op.drop_constraint(op.f("ck_thinning_runs_stopped_approved"), "thinning_runs", type_="check")
    op.drop_constraint(op.f("ck_thinning_runs_stopped"), "thinning_runs", type_="check")
    op.drop_constraint(
        op.f("fk_thinning_runs_tenant_id_stopped_by"), "thinning_runs", type_="foreignkey"
    )
    for name in ("forecast", "stopped_at", "stopped_by"):
        op.drop_column("thinning_runs", name)
