"""Figures to steer by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "indicator_runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("counted_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("definitions", sa.Text(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("differed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_runs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_runs")),
        sa.UniqueConstraint("tenant_id", "part", name=op.f("uq_indicator_runs_tenant_id_part")),
    )
    op.execute("ALTER TABLE indicator_runs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_runs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_runs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON indicator_runs TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON indicator_runs TO hemvist_worker")
    op.create_table(
        "indicator_snapshots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("margin", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.BigInteger(), nullable=False),
        sa.Column("met", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("middle", sa.BigInteger(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "margin IN ('all', 'programme', 'step', 'area', 'sex', 'age', 'children')",
            name=op.f("ck_indicator_snapshots_margin"),
        ),
        sa.CheckConstraint(
            "extract(day FROM month) = 1",
            name=op.f("ck_indicator_snapshots_month_by_its_first_day"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_snapshots_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_snapshots")),
        sa.UniqueConstraint(
            "tenant_id",
            "indicator",
            "version",
            "month",
            "margin",
            "cell",
            name="uq_indicator_snapshots_cell",
        ),
    )
    op.execute("ALTER TABLE indicator_snapshots ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_snapshots FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_snapshots USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON indicator_snapshots TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON indicator_snapshots TO hemvist_worker")
    op.create_table(
        "indicator_told",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("margin", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("to_month", sa.Date(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=True),
        sa.Column("met_least", sa.BigInteger(), nullable=True),
        sa.Column("met_most", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("middle", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "margin IN ('all', 'programme', 'step', 'area', 'sex', 'age', 'children')",
            name=op.f("ck_indicator_told_margin"),
        ),
        sa.CheckConstraint("to_month >= from_month", name=op.f("ck_indicator_told_from_before_to")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_told_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_told")),
        sa.UniqueConstraint(
            "tenant_id",
            "indicator",
            "version",
            "margin",
            "from_month",
            "cells",
            name="uq_indicator_told_block",
        ),
    )
    op.execute("ALTER TABLE indicator_told ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_told FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_told USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON indicator_told TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON indicator_told TO hemvist_worker")
    op.create_table(
        "indicator_facts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("of", sa.Uuid(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("groups", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "ends IS NULL OR ends > begins", name=op.f("ck_indicator_facts_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_indicator_facts_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_facts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_facts")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "indicator",
            "of",
            "begins",
            "step",
            name="uq_indicator_facts_of",
        ),
    )
    op.execute("ALTER TABLE indicator_facts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_facts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_facts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON indicator_facts TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON indicator_facts TO hemvist_worker")
    op.create_index(
        op.f("ix_indicator_facts_tenant_id_indicator_begins"),
        "indicator_facts",
        ["tenant_id", "indicator", "begins"],
        unique=False,
    )
    # They go with their case.
    op.execute("GRANT SELECT, DELETE ON indicator_facts TO hemvist_thinning")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(
        op.f("ix_indicator_facts_tenant_id_indicator_begins"), table_name="indicator_facts"
    )
    op.drop_table("indicator_facts")
    op.drop_table("indicator_told")
    op.drop_table("indicator_snapshots")
    op.drop_table("indicator_runs")
