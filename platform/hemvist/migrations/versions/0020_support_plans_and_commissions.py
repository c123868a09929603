"""Goals, versions and signatures of support plans; commissions to support providers and their reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: The roles before; now there is the staff of support providers as well.
ROLES = (
    *("caseworker", "department_manager", "property_officer", "support_worker"),
    *("transfer_coordinator", "policy_officer", "log_reviewer", "steering", "tenant_admin"),
    *("landlord_agent", "operator"),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "support_providers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_sv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("volume_percent", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "regime IN ('own', 'procured')", name=op.f("ck_support_providers_regime")
        ),
        sa.CheckConstraint(
            "volume_percent BETWEEN 0 AND 100", name=op.f("ck_support_providers_volume_percent")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_support_providers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_support_providers")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_support_providers_tenant_id_code")),
    )
    op.execute("ALTER TABLE support_providers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE support_providers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON support_providers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON support_providers TO hemvist_staff")
    op.execute("GRANT SELECT ON support_providers TO hemvist_worker")
    op.create_table(
        "commissions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("regime_reason", sa.Text(), nullable=False),
        sa.Column("routed_on", sa.Date(), nullable=True),
        sa.Column("routed_by", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("provider_reason", sa.Text(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=True),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("end_note", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("regime IN ('own', 'procured')", name=op.f("ck_commissions_regime")),
        sa.CheckConstraint(
            "state IN ('routed', 'draft', 'sent', 'ended', 'withdrawn')",
            name=op.f("ck_commissions_state"),
        ),
        sa.CheckConstraint(
            "state IN ('routed', 'withdrawn') OR provider_id IS NOT NULL",
            name=op.f("ck_commissions_provider"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_commissions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_commissions_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "disclosure_id"],
            ["case_disclosures.tenant_id", "case_disclosures.id"],
            name=op.f("fk_commissions_tenant_id_disclosure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "provider_id"],
            ["support_providers.tenant_id", "support_providers.id"],
            name=op.f("fk_commissions_tenant_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_commissions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_commissions")),
    )
    op.execute("ALTER TABLE commissions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE commissions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON commissions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON commissions TO hemvist_staff")
    op.execute("GRANT SELECT ON commissions TO hemvist_worker")
    op.create_index(
        "ix_commissions_provider",
        "commissions",
        ["tenant_id", "provider_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='sent'"),
    )
    op.create_index(
        op.f("ix_commissions_tenant_id_case_id"),
        "commissions",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_commissions_running",
        "commissions",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('routed', 'draft', 'sent')"),
    )
    op.create_table(
        "plan_goals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'under_way', 'reached', 'dropped')", name=op.f("ck_plan_goals_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_plan_goals_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["plan_goals.tenant_id", "plan_goals.id"],
            name=op.f("fk_plan_goals_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["support_plans.tenant_id", "support_plans.id"],
            name=op.f("fk_plan_goals_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_goals_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_goals")),
    )
    op.execute("ALTER TABLE plan_goals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE plan_goals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON plan_goals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON plan_goals TO hemvist_staff")
    op.execute("GRANT SELECT ON plan_goals TO hemvist_worker")
    op.create_index(
        op.f("ix_plan_goals_tenant_id_plan_id"),
        "plan_goals",
        ["tenant_id", "plan_id"],
        unique=False,
    )
    op.create_table(
        "plan_reviews",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("parties", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('goes_on', 'to_be_changed', 'no_longer_needed')",
            name=op.f("ck_plan_reviews_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_plan_reviews_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["support_plans.tenant_id", "support_plans.id"],
            name=op.f("fk_plan_reviews_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_reviews_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_reviews")),
    )
    op.execute("ALTER TABLE plan_reviews ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE plan_reviews FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON plan_reviews USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON plan_reviews TO hemvist_staff")
    op.execute("GRANT SELECT ON plan_reviews TO hemvist_worker")
    op.create_index(
        op.f("ix_plan_reviews_tenant_id_plan_id"),
        "plan_reviews",
        ["tenant_id", "plan_id"],
        unique=False,
    )
    op.create_table(
        "plan_signatures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_plan_signatures_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["support_plans.tenant_id", "support_plans.id"],
            name=op.f("fk_plan_signatures_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_signatures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_signatures")),
        sa.UniqueConstraint(
            "tenant_id", "plan_id", "party", name=op.f("uq_plan_signatures_tenant_id_plan_id_party")
        ),
    )
    op.execute("ALTER TABLE plan_signatures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE plan_signatures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON plan_signatures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON plan_signatures TO hemvist_staff")
    op.execute("GRANT SELECT ON plan_signatures TO hemvist_worker")
    op.create_table(
        "support_reports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("commission_id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'received')", name=op.f("ck_support_reports_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_support_reports_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "commission_id"],
            ["commissions.tenant_id", "commissions.id"],
            name=op.f("fk_support_reports_tenant_id_commission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "obligation_id"],
            ["obligations.tenant_id", "obligations.id"],
            name=op.f("fk_support_reports_tenant_id_obligation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_support_reports_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_support_reports")),
        sa.UniqueConstraint(
            "tenant_id",
            "commission_id",
            "obligation_id",
            name=op.f("uq_support_reports_tenant_id_commission_id_obligation_id"),
        ),
    )
    op.execute("ALTER TABLE support_reports ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE support_reports FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON support_reports USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON support_reports TO hemvist_staff")
    op.execute("GRANT SELECT ON support_reports TO hemvist_worker")
    op.create_index(
        op.f("ix_support_reports_tenant_id_case_id"),
        "support_reports",
        ["tenant_id", "case_id"],
        unique=False,
    )
    _allow("support_plans", "state", "draft", "agreed", "replaced", "discarded")
    _allow("memberships", "role", *ROLES[:4], "support_provider", *ROLES[4:])
    op.add_column(
        "support_plans", sa.Column("number", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.add_column(
        "support_plans", sa.Column("own_words", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "support_plans",
        sa.Column(
            "sections",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("support_plans", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("support_plans", sa.Column("drafted_on", sa.Date(), nullable=True))
    op.alter_column("support_plans", "agreed_on", existing_type=sa.DATE(), nullable=True)
    op.create_index(
        "uq_support_plans_draft",
        "support_plans",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state='draft'"),
    )


def _allow(table: str, column: str, *values: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(name, table, f"{column} IN ({listed})")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    _allow("memberships", "role", *ROLES)
    _allow("support_plans", "state", "agreed", "replaced")
    op.drop_index(
        "uq_support_plans_draft",
        table_name="support_plans",
        postgresql_where=sa.text("state='draft'"),
    )
    op.alter_column("support_plans", "agreed_on", existing_type=sa.DATE(), nullable=False)
    op.drop_column("support_plans", "drafted_on")
    op.drop_column("support_plans", "review_on")
    op.drop_column("support_plans", "sections")
    op.drop_column("support_plans", "own_words")
    op.drop_column("support_plans", "number")
    op.drop_index(op.f("ix_support_reports_tenant_id_case_id"), table_name="support_reports")
    op.drop_table("support_reports")
    op.drop_table("plan_signatures")
    op.drop_index(op.f("ix_plan_reviews_tenant_id_plan_id"), table_name="plan_reviews")
    op.drop_table("plan_reviews")
    op.drop_index(op.f("ix_plan_goals_tenant_id_plan_id"), table_name="plan_goals")
    op.drop_table("plan_goals")
    op.drop_index(
        "uq_commissions_running",
        table_name="commissions",
        postgresql_where=sa.text("state IN ('routed', 'draft', 'sent')"),
    )
    op.drop_index(op.f("ix_commissions_tenant_id_case_id"), table_name="commissions")
    op.drop_index(
        "ix_commissions_provider",
        table_name="commissions",
        postgresql_where=sa.text("state='sent'"),
    )
    op.drop_table("commissions")
    op.drop_table("support_providers")
