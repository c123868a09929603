"""kinds of decisions, appeals, delegation orders and decisions not carried out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "delegation_orders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("cite", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_delegation_orders_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delegation_orders")),
        sa.UniqueConstraint(
            "tenant_id", "since", name=op.f("uq_delegation_orders_tenant_id_since")
        ),
    )
    op.execute("ALTER TABLE delegation_orders ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE delegation_orders FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON delegation_orders USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON delegation_orders TO hemvist_staff")
    op.execute("GRANT SELECT ON delegation_orders TO hemvist_worker")
    op.create_table(
        "execution_reports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("content_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "figures", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'ready', 'sent')", name=op.f("ck_execution_reports_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "requested_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_execution_reports_tenant_id_requested_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_execution_reports_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_execution_reports")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "quarter",
            name=op.f("uq_execution_reports_tenant_id_department_quarter"),
        ),
    )
    op.execute("ALTER TABLE execution_reports ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE execution_reports FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON execution_reports USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON execution_reports TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON execution_reports TO hemvist_worker")
    op.create_table(
        "appeals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_how", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("timely", sa.Boolean(), nullable=False),
        sa.Column("late_ground", sa.Text(), server_default="", nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("dismissal_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reconsidered_on", sa.Date(), nullable=True),
        sa.Column("reconsidered_by", sa.Uuid(), nullable=True),
        sa.Column("reconsideration", sa.Text(), server_default="", nullable=False),
        sa.Column("reconsideration_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("new_decision_id", sa.Uuid(), nullable=True),
        sa.Column("forwarded_on", sa.Date(), nullable=True),
        sa.Column("forward_by", sa.Date(), nullable=False),
        sa.Column("court", sa.Text(), server_default="", nullable=False),
        sa.Column("court_number", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "received_how IN ('letter', 'email', 'e_service', 'handed_in', 'told')",
            name=op.f("ck_appeals_received_how"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'dismissed', 'lapsed', 'forwarded', 'remanded', 'settled', 'withdrawn')",
            name=op.f("ck_appeals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_appeals_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decision_id"],
            ["decisions.tenant_id", "decisions.id"],
            name=op.f("fk_appeals_tenant_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "new_decision_id"],
            ["decisions.tenant_id", "decisions.id"],
            name=op.f("fk_appeals_tenant_id_new_decision_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_appeals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_appeals")),
    )
    op.execute("ALTER TABLE appeals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE appeals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON appeals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON appeals TO hemvist_staff")
    op.execute("GRANT SELECT ON appeals TO hemvist_worker")
    op.create_index(
        op.f("ix_appeals_tenant_id_case_id"), "appeals", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        op.f("ix_appeals_tenant_id_decision_id_received_on"),
        "appeals",
        ["tenant_id", "decision_id", "received_on"],
        unique=False,
    )
    op.create_index(
        "ix_appeals_to_act_on",
        "appeals",
        ["tenant_id", "received_on", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('received', 'accepted', 'remanded')"),
    )
    op.create_index(
        "uq_appeals_live",
        "appeals",
        ["tenant_id", "decision_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('received', 'accepted', 'forwarded', 'remanded')"),
    )
    op.create_table(
        "execution_efforts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('searched_for_home', 'contacted_landlord', 'contacted_person', 'other_support_given', 'other')",
            name=op.f("ck_execution_efforts_kind"),
        ),
        sa.CheckConstraint(
            "obstacle IN ('no_suitable_home', 'declined_offer', 'needs_changed', 'wants_to_wait', 'resources', 'other')",
            name=op.f("ck_execution_efforts_obstacle"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_execution_efforts_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decision_id"],
            ["decisions.tenant_id", "decisions.id"],
            name=op.f("fk_execution_efforts_tenant_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_execution_efforts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_execution_efforts")),
    )
    op.execute("ALTER TABLE execution_efforts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE execution_efforts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON execution_efforts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON execution_efforts TO hemvist_staff")
    op.execute("GRANT SELECT ON execution_efforts TO hemvist_worker")
    op.create_index(
        op.f("ix_execution_efforts_tenant_id_decision_id_made_on"),
        "execution_efforts",
        ["tenant_id", "decision_id", "made_on"],
        unique=False,
    )
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    op.create_check_constraint(
        op.f("ck_decisions_kind"),
        "decisions",
        "kind IN ('support_to_obtain_housing', 'housing', 'support_measure', 'extension', 'change', 'end', 'takeover_recommendation')",
    )
    op.add_column("decisions", sa.Column("about", sa.Text(), server_default="", nullable=False))
    op.add_column("decisions", sa.Column("together_id", sa.Uuid(), nullable=True))
    op.add_column("decisions", sa.Column("cost_ore", sa.BigInteger(), nullable=True))
    op.add_column(
        "decisions",
        sa.Column("reservation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("decisions", sa.Column("alters_id", sa.Uuid(), nullable=True))
    op.add_column(
        "decisions", sa.Column("alter_ground", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "decisions",
        sa.Column("disadvantage", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("decisions", sa.Column("told_on", sa.Date(), nullable=True))
    op.add_column("decisions", sa.Column("altered_by_id", sa.Uuid(), nullable=True))
    op.add_column("decisions", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column(
        "decisions", sa.Column("decided_level", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "decisions", sa.Column("delegation_cite", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "decisions", sa.Column("board_minute", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("decisions", sa.Column("notified_on", sa.Date(), nullable=True))
    op.add_column(
        "decisions", sa.Column("notified_how", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("decisions", sa.Column("notified_by", sa.Uuid(), nullable=True))
    op.add_column("decisions", sa.Column("appeal_until", sa.Date(), nullable=True))
    op.add_column("decisions", sa.Column("executed_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_decisions_alters", "decisions", ["tenant_id", "alters_id", "decided_on"], unique=False
    )
    op.create_index(
        "ix_decisions_together", "decisions", ["tenant_id", "together_id", "id"], unique=False
    )
    op.create_index(
        "ix_decisions_to_execute",
        "decisions",
        ["tenant_id", "decided_on", "id"],
        unique=False,
        postgresql_where=sa.text(
            "state = 'decided' AND outcome = 'granted' AND executed_on IS NULL AND ended_on IS NULL"
        ),
    )
    op.create_foreign_key(
        op.f("fk_decisions_tenant_id_altered_by_id"),
        "decisions",
        "decisions",
        ["tenant_id", "altered_by_id"],
        ["tenant_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_decisions_tenant_id_alters_id"),
        "decisions",
        "decisions",
        ["tenant_id", "alters_id"],
        ["tenant_id", "id"],
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    op.create_check_constraint(
        op.f("ck_decisions_kind"), "decisions", "kind IN ('support_to_obtain_housing', 'housing')"
    )
    op.drop_constraint(op.f("fk_decisions_tenant_id_alters_id"), "decisions", type_="foreignkey")
    op.drop_constraint(
        op.f("fk_decisions_tenant_id_altered_by_id"), "decisions", type_="foreignkey"
    )
    op.drop_index("ix_decisions_together", table_name="decisions")
    op.drop_index("ix_decisions_alters", table_name="decisions")
    op.drop_index(
        "ix_decisions_to_execute",
        table_name="decisions",
        postgresql_where=sa.text(
            "state = 'decided' AND outcome = 'granted' AND executed_on IS NULL AND ended_on IS NULL"
        ),
    )
    op.drop_column("decisions", "executed_on")
    op.drop_column("decisions", "appeal_until")
    op.drop_column("decisions", "notified_by")
    op.drop_column("decisions", "notified_how")
    op.drop_column("decisions", "notified_on")
    op.drop_column("decisions", "board_minute")
    op.drop_column("decisions", "delegation_cite")
    op.drop_column("decisions", "decided_level")
    op.drop_column("decisions", "ended_on")
    op.drop_column("decisions", "altered_by_id")
    op.drop_column("decisions", "told_on")
    op.drop_column("decisions", "disadvantage")
    op.drop_column("decisions", "alter_ground")
    op.drop_column("decisions", "alters_id")
    op.drop_column("decisions", "reservation")
    op.drop_column("decisions", "cost_ore")
    op.drop_column("decisions", "together_id")
    op.drop_column("decisions", "about")
    op.drop_index(
        op.f("ix_execution_efforts_tenant_id_decision_id_made_on"), table_name="execution_efforts"
    )
    op.drop_table("execution_efforts")
    op.drop_index(
        "uq_appeals_live",
        table_name="appeals",
        postgresql_where=sa.text("state IN ('received', 'accepted', 'forwarded', 'remanded')"),
    )
    op.drop_index(
        "ix_appeals_to_act_on",
        table_name="appeals",
        postgresql_where=sa.text("state IN ('received', 'accepted', 'remanded')"),
    )
    op.drop_index(op.f("ix_appeals_tenant_id_decision_id_received_on"), table_name="appeals")
    op.drop_index(op.f("ix_appeals_tenant_id_case_id"), table_name="appeals")
    op.drop_table("appeals")
    op.drop_table("execution_reports")
    op.drop_table("delegation_orders")
