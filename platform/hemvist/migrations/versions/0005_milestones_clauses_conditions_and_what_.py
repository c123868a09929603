"""milestones, clauses, conditions and what the law says of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "milestones",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("parties", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("agreed", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("told", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("agenda_done", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("legal_findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("went_on_because", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_milestones_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_milestones_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_milestones")),
    )
    op.execute("ALTER TABLE milestones ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE milestones FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON milestones USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON milestones TO hemvist_staff")
    op.execute("GRANT SELECT ON milestones TO hemvist_worker")
    op.create_index(
        op.f("ix_milestones_tenant_id_case_id_happened_on"),
        "milestones",
        ["tenant_id", "case_id", "happened_on"],
        unique=False,
    )
    op.add_column(
        "contracts",
        sa.Column(
            "clauses",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "contracts",
        sa.Column(
            "legal_findings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "contracts", sa.Column("went_on_because", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "decisions",
        sa.Column(
            "conditions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "decisions",
        sa.Column(
            "legal_findings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "decisions", sa.Column("went_on_because", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "guarantees",
        sa.Column(
            "legal_findings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_column("guarantees", "legal_findings")
    op.drop_column("decisions", "went_on_because")
    op.drop_column("decisions", "legal_findings")
    op.drop_column("decisions", "conditions")
    op.drop_column("contracts", "went_on_because")
    op.drop_column("contracts", "legal_findings")
    op.drop_column("contracts", "clauses")
    op.drop_index(op.f("ix_milestones_tenant_id_case_id_happened_on"), table_name="milestones")
    op.drop_table("milestones")
