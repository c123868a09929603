"""answers kept to be asked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "evaluations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_evaluations_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_evaluations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evaluations")),
    )
    op.execute("ALTER TABLE evaluations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE evaluations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON evaluations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON evaluations TO hemvist_staff")
    op.execute("GRANT SELECT ON evaluations TO hemvist_worker")
    op.create_index(
        op.f("ix_evaluations_tenant_id_case_id"),
        "evaluations",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.add_column(
        "assessments",
        sa.Column("reason_internal", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("assessments", sa.Column("evaluation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_assessments_tenant_id_evaluation_id"),
        "assessments",
        "evaluations",
        ["tenant_id", "evaluation_id"],
        ["tenant_id", "id"],
    )
    op.add_column("decisions", sa.Column("evaluation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_decisions_tenant_id_evaluation_id"),
        "decisions",
        "evaluations",
        ["tenant_id", "evaluation_id"],
        ["tenant_id", "id"],
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_constraint(
        op.f("fk_decisions_tenant_id_evaluation_id"), "decisions", type_="foreignkey"
    )
    op.drop_column("decisions", "evaluation_id")
    op.drop_constraint(
        op.f("fk_assessments_tenant_id_evaluation_id"), "assessments", type_="foreignkey"
    )
    op.drop_column("assessments", "evaluation_id")
    op.drop_column("assessments", "reason_internal")
    op.drop_index(op.f("ix_evaluations_tenant_id_case_id"), table_name="evaluations")
    op.drop_table("evaluations")
