"""snapshot of the caseload and simulations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "snapshot_chunks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("case_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_snapshot_chunks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_snapshot_chunks")),
        sa.UniqueConstraint(
            "tenant_id", "pack", "number", name=op.f("uq_snapshot_chunks_tenant_id_pack_number")
        ),
    )
    op.execute("ALTER TABLE snapshot_chunks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE snapshot_chunks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON snapshot_chunks USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot_chunks TO hemvist_worker")
    op.create_table(
        "simulations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("old_version", sa.Text(), nullable=False),
        sa.Column("new_version", sa.Text(), nullable=False),
        sa.Column("old_content", sa.Text(), nullable=False),
        sa.Column("new_content", sa.Text(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("rules", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("cases_total", sa.BigInteger(), nullable=False),
        sa.Column("cases_done", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stirred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "phase IN ('waiting', 'snapshot', 'comparing', 'concluding', 'ended')",
            name=op.f("ck_simulations_phase"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'running', 'done', 'cancelled', 'failed')",
            name=op.f("ck_simulations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "requested_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_simulations_tenant_id_requested_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_simulations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_simulations")),
    )
    op.execute("ALTER TABLE simulations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE simulations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON simulations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON simulations TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON simulations TO hemvist_worker")
    op.create_index(
        op.f("ix_simulations_tenant_id_pack_requested_at"),
        "simulations",
        ["tenant_id", "pack", "requested_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_simulations_tenant_id_state"), "simulations", ["tenant_id", "state"], unique=False
    )
    op.create_table(
        "simulation_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("simulation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "after IN ('true', 'false', 'unknown')", name=op.f("ck_simulation_changes_after")
        ),
        sa.CheckConstraint(
            "before IN ('true', 'false', 'unknown')", name=op.f("ck_simulation_changes_before")
        ),
        sa.CheckConstraint(
            "change IN ('gain', 'loss', 'newly_unknown', 'newly_known')",
            name=op.f("ck_simulation_changes_change"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_simulation_changes_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "simulation_id"],
            ["simulations.tenant_id", "simulations.id"],
            name=op.f("fk_simulation_changes_tenant_id_simulation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_simulation_changes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_simulation_changes")),
        sa.UniqueConstraint(
            "tenant_id",
            "simulation_id",
            "case_id",
            "subject",
            name=op.f("uq_simulation_changes_tenant_id_simulation_id_case_id_subject"),
        ),
    )
    op.execute("ALTER TABLE simulation_changes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE simulation_changes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON simulation_changes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON simulation_changes TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON simulation_changes TO hemvist_worker")
    op.create_table(
        "simulation_parts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("simulation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("case_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tally", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "simulation_id"],
            ["simulations.tenant_id", "simulations.id"],
            name=op.f("fk_simulation_parts_tenant_id_simulation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_simulation_parts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_simulation_parts")),
        sa.UniqueConstraint(
            "tenant_id",
            "simulation_id",
            "number",
            name=op.f("uq_simulation_parts_tenant_id_simulation_id_number"),
        ),
    )
    op.execute("ALTER TABLE simulation_parts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE simulation_parts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON simulation_parts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON simulation_parts TO hemvist_worker")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_table("simulation_parts")
    op.drop_table("simulation_changes")
    op.drop_index(op.f("ix_simulations_tenant_id_state"), table_name="simulations")
    op.drop_index(op.f("ix_simulations_tenant_id_pack_requested_at"), table_name="simulations")
    op.drop_table("simulations")
    op.drop_table("snapshot_chunks")
