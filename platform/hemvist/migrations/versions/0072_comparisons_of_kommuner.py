"""Comparisons of kommuner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "indicator_sharings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comparison", sa.Text(), nullable=False),
        sa.Column("comparison_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("members", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_by IS NOT NULL)",
            name=op.f("ck_indicator_sharings_ended_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'open' OR agreed_by IS NOT NULL",
            name=op.f("ck_indicator_sharings_open_when_agreed"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR agreed_by IS NULL",
            name=op.f("ck_indicator_sharings_proposed_until_agreed"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR members = '{}'", name=op.f("ck_indicator_sharings_members_when_open")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'open', 'ended')", name=op.f("ck_indicator_sharings_state")
        ),
        sa.CheckConstraint(
            "(agreed_by IS NULL) = (agreed_at IS NULL)", name=op.f("ck_indicator_sharings_agreed")
        ),
        sa.CheckConstraint(
            "(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_indicator_sharings_ended")
        ),
        sa.CheckConstraint(
            "agreed_by <> proposed_by", name=op.f("ck_indicator_sharings_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_indicator_sharings_tenant_id_agreed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ended_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_indicator_sharings_tenant_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_indicator_sharings_tenant_id_proposed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_indicator_sharings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_indicator_sharings")),
    )
    op.execute("ALTER TABLE indicator_sharings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE indicator_sharings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON indicator_sharings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON indicator_sharings TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON indicator_sharings TO hemvist_worker")
    op.create_index(
        "uq_indicator_sharings_under_way",
        "indicator_sharings",
        ["tenant_id", "comparison"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "compared_figures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sharing_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(figures) = 'object' AND figures <> '{}'::jsonb",
            name=op.f("ck_compared_figures_somebodys"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sharing_id"],
            ["indicator_sharings.tenant_id", "indicator_sharings.id"],
            name=op.f("fk_compared_figures_tenant_id_sharing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_compared_figures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_compared_figures")),
        sa.UniqueConstraint(
            "tenant_id",
            "sharing_id",
            "indicator",
            "version",
            "year",
            name="uq_compared_figures_year",
        ),
    )
    op.execute("ALTER TABLE compared_figures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE compared_figures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON compared_figures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, DELETE ON compared_figures TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON compared_figures TO hemvist_worker")
    op.create_table(
        "shared_figures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sharing_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("to_month", sa.Date(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=True),
        sa.Column("met_least", sa.BigInteger(), nullable=True),
        sa.Column("met_most", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("middle_least", sa.BigInteger(), nullable=True),
        sa.Column("middle_most", sa.BigInteger(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("facts >= 0", name=op.f("ck_shared_figures_facts")),
        sa.CheckConstraint("met_least <= met_most", name=op.f("ck_shared_figures_met")),
        sa.CheckConstraint("middle_least <= middle_most", name=op.f("ck_shared_figures_middle")),
        sa.CheckConstraint("to_month >= from_month", name=op.f("ck_shared_figures_from_before_to")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sharing_id"],
            ["indicator_sharings.tenant_id", "indicator_sharings.id"],
            name=op.f("fk_shared_figures_tenant_id_sharing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_shared_figures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shared_figures")),
        sa.UniqueConstraint(
            "tenant_id", "sharing_id", "indicator", "version", "year", name="uq_shared_figures_year"
        ),
    )
    op.execute("ALTER TABLE shared_figures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE shared_figures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON shared_figures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON shared_figures TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON shared_figures TO hemvist_worker")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_table("shared_figures")
    op.drop_table("compared_figures")
    op.drop_index(
        "uq_indicator_sharings_under_way",
        table_name="indicator_sharings",
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.drop_table("indicator_sharings")
