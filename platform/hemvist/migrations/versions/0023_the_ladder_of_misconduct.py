"""Demands, notifications to the social board, joint meetings, action plans, evictions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.drop_constraint(op.f("ck_letters_kind"), "letters", type_="check")
    op.create_check_constraint(
        op.f("ck_letters_kind"),
        "letters",
        "kind IN ('decision', 'referral', 'offer', 'contract', 'waiver', 'guarantee', 'demand', 'notice', 'explanation', 'ladder_demand', 'board_notice', 'meeting_call', 'eviction_answer')",
    )
    op.create_table(
        "ladders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("severity_reason", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("new_offer_proposed", sa.Boolean(), nullable=True),
        sa.Column("proposed_because", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("new_offer", sa.Boolean(), nullable=True),
        sa.Column("decided_because", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (ended_on IS NULL)", name=op.f("ck_ladders_ended")),
        sa.CheckConstraint("ground IN ('misconduct', 'arrears')", name=op.f("ck_ladders_ground")),
        sa.CheckConstraint(
            "severity IN ('minor', 'serious', 'especially_serious')",
            name=op.f("ck_ladders_severity"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'corrected', 'moved_out', 'closed')", name=op.f("ck_ladders_state")
        ),
        sa.CheckConstraint(
            "new_offer IS NULL OR decided_by IS NOT NULL", name=op.f("ck_ladders_decided")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_ladders_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_ladders_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_ladders_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_ladders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ladders")),
    )
    op.execute("ALTER TABLE ladders ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ladders FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON ladders USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON ladders TO hemvist_staff")
    op.execute("GRANT SELECT ON ladders TO hemvist_worker")
    op.create_index(
        op.f("ix_ladders_tenant_id_case_id_opened_on"),
        "ladders",
        ["tenant_id", "case_id", "opened_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ladders_tenant_id_contract_id"),
        "ladders",
        ["tenant_id", "contract_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ladders_tenant_id_incident_id"),
        "ladders",
        ["tenant_id", "incident_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ladders_tenant_id_opened_on_id"),
        "ladders",
        ["tenant_id", "opened_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_ladders_open",
        "ladders",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state='open'"),
    )
    op.create_table(
        "evictions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("by_landlord", sa.Boolean(), nullable=False),
        sa.Column("evicts_on", sa.Date(), nullable=True),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("caseworker_id", sa.Uuid(), nullable=True),
        sa.Column("legal_findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("went_on_because", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'dated' OR evicts_on IS NOT NULL", name=op.f("ck_evictions_dated")
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'dated', 'carried_out', 'withdrawn')",
            name=op.f("ck_evictions_state"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR confirmed_at >= learned_at",
            name=op.f("ck_evictions_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_evictions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "caseworker_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_evictions_tenant_id_caseworker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ladder_id"],
            ["ladders.tenant_id", "ladders.id"],
            name=op.f("fk_evictions_tenant_id_ladder_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_evictions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evictions")),
    )
    op.execute("ALTER TABLE evictions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE evictions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON evictions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON evictions TO hemvist_staff")
    op.execute("GRANT SELECT ON evictions TO hemvist_worker")
    op.create_index(
        "ix_evictions_coming",
        "evictions",
        ["tenant_id", "evicts_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='dated'"),
    )
    op.create_index(
        op.f("ix_evictions_tenant_id_case_id"), "evictions", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        op.f("ix_evictions_tenant_id_ladder_id"),
        "evictions",
        ["tenant_id", "ladder_id"],
        unique=False,
    )
    op.create_index(
        "uq_evictions_running",
        "evictions",
        ["tenant_id", "ladder_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('applied', 'dated')"),
    )
    op.create_table(
        "joint_meetings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("called", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("meets_at", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("came", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("absent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agenda_done", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (held_on IS NOT NULL)", name=op.f("ck_joint_meetings_held")
        ),
        sa.CheckConstraint(
            "state IN ('called', 'held', 'cancelled')", name=op.f("ck_joint_meetings_state")
        ),
        sa.CheckConstraint("meets_on >= called_on", name=op.f("ck_joint_meetings_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_joint_meetings_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ladder_id"],
            ["ladders.tenant_id", "ladders.id"],
            name=op.f("fk_joint_meetings_tenant_id_ladder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_joint_meetings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_joint_meetings")),
    )
    op.execute("ALTER TABLE joint_meetings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE joint_meetings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON joint_meetings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON joint_meetings TO hemvist_staff")
    op.execute("GRANT SELECT ON joint_meetings TO hemvist_worker")
    op.create_index(
        "ix_joint_meetings_coming",
        "joint_meetings",
        ["tenant_id", "meets_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='called'"),
    )
    op.create_index(
        op.f("ix_joint_meetings_tenant_id_case_id"),
        "joint_meetings",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_joint_meetings_tenant_id_ladder_id_meets_on"),
        "joint_meetings",
        ["tenant_id", "ladder_id", "meets_on"],
        unique=False,
    )
    op.create_table(
        "ladder_steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("ways", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("copies", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("inside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("legal_findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("went_on_because", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('talk', 'demand', 'board_notified', 'meeting_called', 'meeting_held', 'plan', 'notice', 'notice_taken_back', 'eviction_applied', 'eviction_dated', 'eviction_confirmed', 'eviction_withdrawn', 'evicted', 'told_of_housing', 'moved_out')",
            name=op.f("ck_ladder_steps_kind"),
        ),
        sa.CheckConstraint(
            "received_on IS NULL OR received_on >= happened_on",
            name=op.f("ck_ladder_steps_received"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_ladder_steps_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ladder_id"],
            ["ladders.tenant_id", "ladders.id"],
            name=op.f("fk_ladder_steps_tenant_id_ladder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "notice_id"],
            ["contract_notices.tenant_id", "contract_notices.id"],
            name=op.f("fk_ladder_steps_tenant_id_notice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_ladder_steps_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ladder_steps")),
    )
    op.execute("ALTER TABLE ladder_steps ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ladder_steps FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON ladder_steps USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON ladder_steps TO hemvist_staff")
    op.execute("GRANT SELECT ON ladder_steps TO hemvist_worker")
    op.create_index(
        op.f("ix_ladder_steps_tenant_id_case_id"),
        "ladder_steps",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ladder_steps_tenant_id_ladder_id_happened_on"),
        "ladder_steps",
        ["tenant_id", "ladder_id", "happened_on"],
        unique=False,
    )
    op.create_table(
        "ladder_actions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (settled_on IS NULL)", name=op.f("ck_ladder_actions_settled")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'not_done', 'cancelled')",
            name=op.f("ck_ladder_actions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_ladder_actions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ladder_id"],
            ["ladders.tenant_id", "ladders.id"],
            name=op.f("fk_ladder_actions_tenant_id_ladder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["joint_meetings.tenant_id", "joint_meetings.id"],
            name=op.f("fk_ladder_actions_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_ladder_actions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ladder_actions")),
    )
    op.execute("ALTER TABLE ladder_actions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ladder_actions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON ladder_actions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON ladder_actions TO hemvist_staff")
    op.execute("GRANT SELECT ON ladder_actions TO hemvist_worker")
    op.create_index(
        "ix_ladder_actions_open",
        "ladder_actions",
        ["tenant_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='open'"),
    )
    op.create_index(
        op.f("ix_ladder_actions_tenant_id_case_id"),
        "ladder_actions",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ladder_actions_tenant_id_ladder_id_due_on"),
        "ladder_actions",
        ["tenant_id", "ladder_id", "due_on"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(op.f("ix_ladder_actions_tenant_id_ladder_id_due_on"), table_name="ladder_actions")
    op.drop_index(op.f("ix_ladder_actions_tenant_id_case_id"), table_name="ladder_actions")
    op.drop_index(
        "ix_ladder_actions_open",
        table_name="ladder_actions",
        postgresql_where=sa.text("state='open'"),
    )
    op.drop_table("ladder_actions")
    op.drop_index(
        op.f("ix_ladder_steps_tenant_id_ladder_id_happened_on"), table_name="ladder_steps"
    )
    op.drop_index(op.f("ix_ladder_steps_tenant_id_case_id"), table_name="ladder_steps")
    op.drop_table("ladder_steps")
    op.drop_index(
        op.f("ix_joint_meetings_tenant_id_ladder_id_meets_on"), table_name="joint_meetings"
    )
    op.drop_index(op.f("ix_joint_meetings_tenant_id_case_id"), table_name="joint_meetings")
    op.drop_index(
        "ix_joint_meetings_coming",
        table_name="joint_meetings",
        postgresql_where=sa.text("state='called'"),
    )
    op.drop_table("joint_meetings")
    op.drop_index(
        "uq_evictions_running",
        table_name="evictions",
        postgresql_where=sa.text("state IN ('applied', 'dated')"),
    )
    op.drop_index(op.f("ix_evictions_tenant_id_ladder_id"), table_name="evictions")
    op.drop_index(op.f("ix_evictions_tenant_id_case_id"), table_name="evictions")
    op.drop_index(
        "ix_evictions_coming", table_name="evictions", postgresql_where=sa.text("state='dated'")
    )
    op.drop_table("evictions")
    op.drop_index("uq_ladders_open", table_name="ladders", postgresql_where=sa.text("state='open'"))
    op.drop_index(op.f("ix_ladders_tenant_id_opened_on_id"), table_name="ladders")
    op.drop_index(op.f("ix_ladders_tenant_id_incident_id"), table_name="ladders")
    op.drop_index(op.f("ix_ladders_tenant_id_contract_id"), table_name="ladders")
    op.drop_index(op.f("ix_ladders_tenant_id_case_id_opened_on"), table_name="ladders")
    op.drop_table("ladders")
    op.drop_constraint(op.f("ck_letters_kind"), "letters", type_="check")
    op.create_check_constraint(
        op.f("ck_letters_kind"),
        "letters",
        "kind IN ('decision', 'referral', 'offer', 'contract', 'waiver', 'guarantee', 'demand', 'notice', 'explanation')",
    )
