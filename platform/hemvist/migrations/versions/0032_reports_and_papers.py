"""Landlords' reports, contact cards and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

#: What came and what was told by the landlord's own login: table, column, values now and before.
_BY_LOGIN = (
    (
        "incidents",
        "channel",
        "'phone', 'email', 'letter', 'meeting', 'visit', 'other', 'portal'",
        "'phone', 'email', 'letter', 'meeting', 'visit', 'other'",
    ),
    (
        "incident_feedbacks",
        "told_how",
        "'phone', 'email', 'letter', 'meeting', 'portal'",
        "'phone', 'email', 'letter', 'meeting'",
    ),
)


def _allow(table: str, column: str, values: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({values})")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "contact_cards",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("out_of_hours", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="in_use", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('in_use', 'withdrawn')", name=op.f("ck_contact_cards_state")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_contact_cards_name")),
        sa.CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL", name=op.f("ck_contact_cards_reachable")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 99", name=op.f("ck_contact_cards_position")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "changed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_contact_cards_tenant_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_contact_cards_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact_cards")),
    )
    op.execute("ALTER TABLE contact_cards ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contact_cards FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON contact_cards USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON contact_cards TO hemvist_staff")
    op.create_index(
        "ix_contact_cards_in_use",
        "contact_cards",
        ["tenant_id", "position", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'in_use'"),
    )
    op.create_table(
        "landlord_papers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("arrears_file_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'read_in') = (arrears_file_id IS NOT NULL)",
            name=op.f("ck_landlord_papers_read_in"),
        ),
        sa.CheckConstraint(
            "(state = 'there') = (ended_at IS NULL)", name=op.f("ck_landlord_papers_ended")
        ),
        sa.CheckConstraint(
            "direction IN ('to_landlord', 'to_kommun')", name=op.f("ck_landlord_papers_direction")
        ),
        sa.CheckConstraint(
            "kind IN ('agreement', 'plan', 'protocol', 'invoice', 'rents', 'terms', 'other')",
            name=op.f("ck_landlord_papers_kind"),
        ),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'application/pdf', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')",
            name=op.f("ck_landlord_papers_media_type"),
        ),
        sa.CheckConstraint(
            "state IN ('there', 'taken_back', 'read_in')", name=op.f("ck_landlord_papers_state")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_landlord_papers_title")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_landlord_papers_size")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_papers_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "arrears_file_id"],
            ["arrears_files.tenant_id", "arrears_files.id"],
            name=op.f("fk_landlord_papers_tenant_id_arrears_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_landlord_papers_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_papers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_papers")),
    )
    op.execute("ALTER TABLE landlord_papers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_papers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_papers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_papers TO hemvist_staff")
    op.create_index(
        op.f("ix_landlord_papers_tenant_id_landlord_id_sent_at_id"),
        "landlord_papers",
        ["tenant_id", "landlord_id", "sent_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_papers_tenant_id_sent_at_id"),
        "landlord_papers",
        ["tenant_id", "sent_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_landlord_papers_sha256",
        "landlord_papers",
        ["tenant_id", "landlord_id", "direction", "sha256"],
        unique=True,
        postgresql_where=sa.text("state <> 'taken_back'"),
    )
    op.create_table(
        "landlord_paper_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "paper_id"],
            ["landlord_papers.tenant_id", "landlord_papers.id"],
            name=op.f("fk_landlord_paper_bytes_tenant_id_paper_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_paper_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_paper_bytes")),
        sa.UniqueConstraint(
            "tenant_id", "paper_id", name=op.f("uq_landlord_paper_bytes_tenant_id_paper_id")
        ),
    )
    op.execute("ALTER TABLE landlord_paper_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_paper_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_paper_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON landlord_paper_bytes TO hemvist_staff")
    op.create_table(
        "landlord_reports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "due_label",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(due_at IS NULL) = (due_label = '{}'::jsonb)",
            name=op.f("ck_landlord_reports_due_with_label"),
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'disturbance', 'neglect', 'arrears', 'other')",
            name=op.f("ck_landlord_reports_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_reports_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_reports_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_landlord_reports_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_landlord_reports_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_reports_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_reports")),
        sa.UniqueConstraint(
            "tenant_id", "incident_id", name=op.f("uq_landlord_reports_tenant_id_incident_id")
        ),
    )
    op.execute("ALTER TABLE landlord_reports ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_reports FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_reports USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON landlord_reports TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_reports TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_reports_tenant_id_case_id"),
        "landlord_reports",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_reports_tenant_id_landlord_id_received_at_id"),
        "landlord_reports",
        ["tenant_id", "landlord_id", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_reports_tenant_id_unit_id"),
        "landlord_reports",
        ["tenant_id", "unit_id"],
        unique=False,
    )
    op.create_table(
        "landlord_report_words",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("what <> ''", name=op.f("ck_landlord_report_words_what")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_report_words_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_report_words_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name=op.f("fk_landlord_report_words_tenant_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["landlord_reports.tenant_id", "landlord_reports.id"],
            name=op.f("fk_landlord_report_words_tenant_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_report_words_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_report_words")),
    )
    op.execute("ALTER TABLE landlord_report_words ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_report_words FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_report_words USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON landlord_report_words TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_report_words TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_report_words_tenant_id_case_id"),
        "landlord_report_words",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_report_words_tenant_id_incident_id_said_at_id"),
        "landlord_report_words",
        ["tenant_id", "incident_id", "said_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_report_words_tenant_id_report_id_said_at_id"),
        "landlord_report_words",
        ["tenant_id", "report_id", "said_at", "id"],
        unique=False,
    )
    for table, column, allowed, _ in _BY_LOGIN:
        _allow(table, column, allowed)


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    for table, column, _, before in _BY_LOGIN:
        _allow(table, column, before)
    op.drop_index(
        op.f("ix_landlord_report_words_tenant_id_report_id_said_at_id"),
        table_name="landlord_report_words",
    )
    op.drop_index(
        op.f("ix_landlord_report_words_tenant_id_incident_id_said_at_id"),
        table_name="landlord_report_words",
    )
    op.drop_index(
        op.f("ix_landlord_report_words_tenant_id_case_id"), table_name="landlord_report_words"
    )
    op.drop_table("landlord_report_words")
    op.drop_index(op.f("ix_landlord_reports_tenant_id_unit_id"), table_name="landlord_reports")
    op.drop_index(
        op.f("ix_landlord_reports_tenant_id_landlord_id_received_at_id"),
        table_name="landlord_reports",
    )
    op.drop_index(op.f("ix_landlord_reports_tenant_id_case_id"), table_name="landlord_reports")
    op.drop_table("landlord_reports")
    op.drop_table("landlord_paper_bytes")
    op.drop_index(
        "uq_landlord_papers_sha256",
        table_name="landlord_papers",
        postgresql_where=sa.text("state <> 'taken_back'"),
    )
    op.drop_index(op.f("ix_landlord_papers_tenant_id_sent_at_id"), table_name="landlord_papers")
    op.drop_index(
        op.f("ix_landlord_papers_tenant_id_landlord_id_sent_at_id"), table_name="landlord_papers"
    )
    op.drop_table("landlord_papers")
    op.drop_index(
        "ix_contact_cards_in_use",
        table_name="contact_cards",
        postgresql_where=sa.text("state = 'in_use'"),
    )
    op.drop_table("contact_cards")
