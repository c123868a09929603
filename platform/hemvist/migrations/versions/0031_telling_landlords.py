"""What landlords are told, by mail and webhook."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "landlord_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("property_designation", sa.Text(), nullable=True),
        sa.CheckConstraint("strpos(type, '.') > 1", name=op.f("ck_landlord_events_type")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_events_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_events")),
    )
    op.execute("ALTER TABLE landlord_events ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_events FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_events USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON landlord_events TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, DELETE ON landlord_events TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_events_tenant_id_landlord_id_occurred_at_id"),
        "landlord_events",
        ["tenant_id", "landlord_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_table(
        "landlord_mail_wishes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "language IN ('sv', 'en')", name=op.f("ck_landlord_mail_wishes_language")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_landlord_mail_wishes_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_mail_wishes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_mail_wishes")),
        sa.UniqueConstraint(
            "tenant_id", "principal_id", name=op.f("uq_landlord_mail_wishes_tenant_id_principal_id")
        ),
    )
    op.execute("ALTER TABLE landlord_mail_wishes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_mail_wishes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_mail_wishes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_mail_wishes TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_mail_wishes TO hemvist_worker")
    op.create_table(
        "landlord_mails",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_landlord_mails_sent")
        ),
        sa.CheckConstraint("kind IN ('at_once', 'daily')", name=op.f("ck_landlord_mails_kind")),
        sa.CheckConstraint(
            "state IN ('claimed', 'handed_over', 'sent', 'refused')",
            name=op.f("ck_landlord_mails_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_landlord_mails_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_mails_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_mails")),
    )
    op.execute("ALTER TABLE landlord_mails ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_mails FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_mails USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON landlord_mails TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_mails_tenant_id_principal_id_made_at"),
        "landlord_mails",
        ["tenant_id", "principal_id", "made_at"],
        unique=False,
    )
    op.create_index(
        "uq_landlord_mails_claimed",
        "landlord_mails",
        ["tenant_id", "principal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("secret_generation", sa.BigInteger(), nullable=False),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('on', 'off', 'disabled', 'removed')", name=op.f("ck_webhook_endpoints_state")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_webhook_endpoints_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_webhook_endpoints_tenant_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_webhook_endpoints_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_endpoints")),
    )
    op.execute("ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON webhook_endpoints USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON webhook_endpoints TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON webhook_endpoints TO hemvist_worker")
    op.create_index(
        op.f("ix_webhook_endpoints_tenant_id_landlord_id"),
        "webhook_endpoints",
        ["tenant_id", "landlord_id"],
        unique=False,
    )
    op.create_table(
        "landlord_mail_items",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("kommun_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommun_id"], ["tenants.id"], name=op.f("fk_landlord_mail_items_kommun_id")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_mail_items_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mail_id"],
            ["landlord_mails.tenant_id", "landlord_mails.id"],
            name=op.f("fk_landlord_mail_items_tenant_id_mail_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_landlord_mail_items_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_mail_items_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_mail_items")),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "event_id",
            name=op.f("uq_landlord_mail_items_tenant_id_principal_id_event_id"),
        ),
    )
    op.execute("ALTER TABLE landlord_mail_items ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_mail_items FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_mail_items USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON landlord_mail_items TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_mail_items_tenant_id_mail_id"),
        "landlord_mail_items",
        ["tenant_id", "mail_id"],
        unique=False,
    )
    op.create_index(
        "ix_landlord_mail_items_waiting",
        "landlord_mail_items",
        ["tenant_id", "principal_id"],
        unique=False,
        postgresql_where=sa.text("mail_id IS NULL"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kommun_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at IS NOT NULL)", name=op.f("ck_webhook_deliveries_next")
        ),
        sa.CheckConstraint(
            "state <> 'delivered' OR delivered_at IS NOT NULL",
            name=op.f("ck_webhook_deliveries_delivered"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed', 'held', 'dropped')",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["kommun_id"], ["tenants.id"], name=op.f("fk_webhook_deliveries_kommun_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_tenant_id_endpoint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_webhook_deliveries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "tenant_id",
            "endpoint_id",
            "event_id",
            name=op.f("uq_webhook_deliveries_tenant_id_endpoint_id_event_id"),
        ),
    )
    op.execute("ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON webhook_deliveries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON webhook_deliveries TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO hemvist_worker")
    op.create_index(
        op.f("ix_webhook_deliveries_tenant_id_endpoint_id_made_at_id"),
        "webhook_deliveries",
        ["tenant_id", "endpoint_id", "made_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_webhook_deliveries_tenant_id_made_at"),
        "webhook_deliveries",
        ["tenant_id", "made_at"],
        unique=False,
    )
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["tenant_id", "endpoint_id", "next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(
        "ix_webhook_deliveries_waiting",
        table_name="webhook_deliveries",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_webhook_deliveries_tenant_id_made_at"), table_name="webhook_deliveries")
    op.drop_index(
        op.f("ix_webhook_deliveries_tenant_id_endpoint_id_made_at_id"),
        table_name="webhook_deliveries",
    )
    op.drop_table("webhook_deliveries")
    op.drop_index(
        "ix_landlord_mail_items_waiting",
        table_name="landlord_mail_items",
        postgresql_where=sa.text("mail_id IS NULL"),
    )
    op.drop_index(
        op.f("ix_landlord_mail_items_tenant_id_mail_id"), table_name="landlord_mail_items"
    )
    op.drop_table("landlord_mail_items")
    op.drop_index(
        op.f("ix_webhook_endpoints_tenant_id_landlord_id"), table_name="webhook_endpoints"
    )
    op.drop_table("webhook_endpoints")
    op.drop_index(
        "uq_landlord_mails_claimed",
        table_name="landlord_mails",
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.drop_index(
        op.f("ix_landlord_mails_tenant_id_principal_id_made_at"), table_name="landlord_mails"
    )
    op.drop_table("landlord_mails")
    op.drop_table("landlord_mail_wishes")
    op.drop_index(
        op.f("ix_landlord_events_tenant_id_landlord_id_occurred_at_id"),
        table_name="landlord_events",
    )
    op.drop_table("landlord_events")
