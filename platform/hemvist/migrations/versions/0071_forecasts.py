"""Forecasts of need, kept to be held against what came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "indicator_forecasts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.BigInteger(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM first_month) = 1",
            name=op.f("ck_indicator_forecasts_month_by_its_first_day"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_forecasts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_forecasts")),
        sa.UniqueConstraint(
            "tenant_id", "first_month", "model", name="uq_indicator_forecasts_first_month"
        ),
    )
    op.execute("ALTER TABLE indicator_forecasts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_forecasts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_forecasts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON indicator_forecasts TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON indicator_forecasts TO hemvist_worker")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_table("indicator_forecasts")
