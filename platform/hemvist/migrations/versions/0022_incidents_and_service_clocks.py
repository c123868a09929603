"""Incidents, what was done about them, and the clocks of service that they start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "incidents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reporter_name", sa.Text(), server_default="", nullable=False),
        sa.Column("reporter_contact", sa.Text(), server_default="", nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("severity_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("children_note", sa.Text(), server_default="", nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessed_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("closing_note", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("ck_incidents_closed"),
        ),
        sa.CheckConstraint(
            "NOT anonymous OR (reporter_name = '' AND reporter_contact = '')",
            name=op.f("ck_incidents_anonymous"),
        ),
        sa.CheckConstraint(
            "channel IN ('phone', 'email', 'letter', 'meeting', 'visit', 'other')",
            name=op.f("ck_incidents_channel"),
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'disturbance', 'neglect', 'arrears', 'other')",
            name=op.f("ck_incidents_kind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('corrected', 'measures', 'ladder', 'moved_out', 'unfounded', 'duplicate')",
            name=op.f("ck_incidents_outcome"),
        ),
        sa.CheckConstraint(
            "reported_by IN ('landlord', 'neighbour', 'patrol', 'staff')",
            name=op.f("ck_incidents_reported_by"),
        ),
        sa.CheckConstraint(
            "severity IN ('minor', 'serious', 'especially_serious')",
            name=op.f("ck_incidents_severity"),
        ),
        sa.CheckConstraint(
            "severity IS NULL OR (severity_reason <> '' AND assessed_at IS NOT NULL)",
            name=op.f("ck_incidents_severity_with_reason"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_incidents_state")),
        sa.CheckConstraint(
            "happened_at IS NULL OR happened_at <= received_at", name=op.f("ck_incidents_happened")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_incidents_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_incidents_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_incidents_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_incidents_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incidents")),
    )
    op.execute("ALTER TABLE incidents ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE incidents FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON incidents USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON incidents TO hemvist_staff")
    op.execute("GRANT SELECT ON incidents TO hemvist_worker")
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["tenant_id", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_incidents_tenant_id_case_id_received_at"),
        "incidents",
        ["tenant_id", "case_id", "received_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incidents_tenant_id_received_at_id"),
        "incidents",
        ["tenant_id", "received_at", "id"],
        unique=False,
    )
    op.create_table(
        "incident_actions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column(
            "clocks", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'assessed') = (severity IS NOT NULL)",
            name=op.f("ck_incident_actions_assessed"),
        ),
        sa.CheckConstraint(
            "kind IN ('assessed', 'shared', 'called_out', 'talked', 'visited', 'support_contacted', 'landlord_contacted', 'neighbours_contacted', 'inspected', 'repaired', 'child_protection', 'other')",
            name=op.f("ck_incident_actions_kind"),
        ),
        sa.CheckConstraint(
            "severity IN ('minor', 'serious', 'especially_serious')",
            name=op.f("ck_incident_actions_severity"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_incident_actions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_incident_actions_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_incident_actions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident_actions")),
    )
    op.execute("ALTER TABLE incident_actions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE incident_actions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON incident_actions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON incident_actions TO hemvist_staff")
    op.execute("GRANT SELECT ON incident_actions TO hemvist_worker")
    op.create_index(
        op.f("ix_incident_actions_tenant_id_case_id"),
        "incident_actions",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incident_actions_tenant_id_incident_id_done_at"),
        "incident_actions",
        ["tenant_id", "incident_id", "done_at"],
        unique=False,
    )
    op.create_table(
        "incident_feedbacks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("ground_note", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("told_how", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ground IN ('consent', 'necessity')", name=op.f("ck_incident_feedbacks_ground")
        ),
        sa.CheckConstraint(
            "told_how IN ('phone', 'email', 'letter', 'meeting')",
            name=op.f("ck_incident_feedbacks_told_how"),
        ),
        sa.CheckConstraint(
            "CASE ground WHEN 'consent' THEN consented_on IS NOT NULL ELSE ground_note <> '' END",
            name=op.f("ck_incident_feedbacks_ground_told"),
        ),
        sa.CheckConstraint("cardinality(words) > 0", name=op.f("ck_incident_feedbacks_words")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_incident_feedbacks_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_incident_feedbacks_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_incident_feedbacks_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_incident_feedbacks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident_feedbacks")),
    )
    op.execute("ALTER TABLE incident_feedbacks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE incident_feedbacks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON incident_feedbacks USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON incident_feedbacks TO hemvist_staff")
    op.execute("GRANT SELECT ON incident_feedbacks TO hemvist_worker")
    op.create_index(
        op.f("ix_incident_feedbacks_tenant_id_case_id"),
        "incident_feedbacks",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incident_feedbacks_tenant_id_incident_id_told_at"),
        "incident_feedbacks",
        ["tenant_id", "incident_id", "told_at"],
        unique=False,
    )
    op.create_table(
        "service_clocks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_version", sa.Text(), nullable=False),
        sa.Column("label", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cite", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("departments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'cancelled' OR (stopped_at IS NOT NULL AND reason <> '')",
            name=op.f("ck_service_clocks_cancelled"),
        ),
        sa.CheckConstraint(
            "state <> 'kept' OR stopped_at < due_at", name=op.f("ck_service_clocks_kept")
        ),
        sa.CheckConstraint(
            "state <> 'late' OR stopped_at IS NULL OR stopped_at >= due_at",
            name=op.f("ck_service_clocks_late"),
        ),
        sa.CheckConstraint(
            "state <> 'running' OR stopped_at IS NULL", name=op.f("ck_service_clocks_running")
        ),
        sa.CheckConstraint(
            "state IN ('running', 'kept', 'late', 'cancelled')",
            name=op.f("ck_service_clocks_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_service_clocks_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_service_clocks_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_service_clocks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_clocks")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_id",
            "event",
            "source",
            "code",
            name=op.f("uq_service_clocks_tenant_id_subject_id_event_source_code"),
        ),
    )
    op.execute("ALTER TABLE service_clocks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE service_clocks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON service_clocks USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON service_clocks TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON service_clocks TO hemvist_worker")
    op.create_index(
        "ix_service_clocks_running",
        "service_clocks",
        ["tenant_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        op.f("ix_service_clocks_tenant_id_case_id_due_at"),
        "service_clocks",
        ["tenant_id", "case_id", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_clocks_tenant_id_incident_id_due_at"),
        "service_clocks",
        ["tenant_id", "incident_id", "due_at"],
        unique=False,
    )
    op.create_index(
        "ix_service_clocks_unanswered",
        "service_clocks",
        ["tenant_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(
        "ix_service_clocks_unanswered",
        table_name="service_clocks",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_service_clocks_tenant_id_incident_id_due_at"), table_name="service_clocks"
    )
    op.drop_index(op.f("ix_service_clocks_tenant_id_case_id_due_at"), table_name="service_clocks")
    op.drop_index(
        "ix_service_clocks_running",
        table_name="service_clocks",
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_table("service_clocks")
    op.drop_index(
        op.f("ix_incident_feedbacks_tenant_id_incident_id_told_at"), table_name="incident_feedbacks"
    )
    op.drop_index(op.f("ix_incident_feedbacks_tenant_id_case_id"), table_name="incident_feedbacks")
    op.drop_table("incident_feedbacks")
    op.drop_index(
        op.f("ix_incident_actions_tenant_id_incident_id_done_at"), table_name="incident_actions"
    )
    op.drop_index(op.f("ix_incident_actions_tenant_id_case_id"), table_name="incident_actions")
    op.drop_table("incident_actions")
    op.drop_index(op.f("ix_incidents_tenant_id_received_at_id"), table_name="incidents")
    op.drop_index(op.f("ix_incidents_tenant_id_case_id_received_at"), table_name="incidents")
    op.drop_index(
        "ix_incidents_open", table_name="incidents", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_table("incidents")
