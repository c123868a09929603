"""Saved filters, calendar feeds, weekly digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "calendar_feeds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('sv', 'en')", name=op.f("ck_calendar_feeds_language")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_calendar_feeds_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_calendar_feeds_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calendar_feeds")),
    )
    op.execute("ALTER TABLE calendar_feeds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE calendar_feeds FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON calendar_feeds USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON calendar_feeds TO hemvist_staff")
    op.create_index(
        "uq_calendar_feeds_living",
        "calendar_feeds",
        ["tenant_id", "principal_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "digest_mails",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed', 'handed_over', 'sent', 'refused')",
            name=op.f("ck_digest_mails_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_digest_mails_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_digest_mails_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_digest_mails")),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "week",
            name=op.f("uq_digest_mails_tenant_id_principal_id_week"),
        ),
    )
    op.execute("ALTER TABLE digest_mails ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE digest_mails FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON digest_mails USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON digest_mails TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON digest_mails TO hemvist_worker")
    op.create_table(
        "digest_subscriptions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'on') = (address_sealed IS NOT NULL)",
            name=op.f("ck_digest_subscriptions_address"),
        ),
        sa.CheckConstraint(
            "language IN ('sv', 'en')", name=op.f("ck_digest_subscriptions_language")
        ),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_digest_subscriptions_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_digest_subscriptions_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_digest_subscriptions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_digest_subscriptions")),
        sa.UniqueConstraint(
            "tenant_id", "principal_id", name=op.f("uq_digest_subscriptions_tenant_id_principal_id")
        ),
    )
    op.execute("ALTER TABLE digest_subscriptions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE digest_subscriptions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON digest_subscriptions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON digest_subscriptions TO hemvist_staff")
    op.execute("GRANT SELECT ON digest_subscriptions TO hemvist_worker")
    op.create_index(
        op.f("ix_digest_subscriptions_tenant_id_id"),
        "digest_subscriptions",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'on'"),
    )
    op.create_table(
        "saved_filters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("selection", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "page IN ('work', 'cases', 'referrals', 'takeovers', 'guarantees', 'units', 'unexecuted', 'incidents')",
            name=op.f("ck_saved_filters_page"),
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_saved_filters_name")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_saved_filters_tenant_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_saved_filters_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_filters")),
    )
    op.execute("ALTER TABLE saved_filters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE saved_filters FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON saved_filters USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON saved_filters TO hemvist_staff")
    op.create_index(
        op.f("ix_saved_filters_tenant_id_department_page"),
        "saved_filters",
        ["tenant_id", "department", "page"],
        unique=False,
        postgresql_where=sa.text("department IS NOT NULL"),
    )
    op.create_index(
        "uq_saved_filters_name",
        "saved_filters",
        ["tenant_id", "owner_id", "page", "name"],
        unique=True,
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index("uq_saved_filters_name", table_name="saved_filters")
    op.drop_index(
        op.f("ix_saved_filters_tenant_id_department_page"),
        table_name="saved_filters",
        postgresql_where=sa.text("department IS NOT NULL"),
    )
    op.drop_table("saved_filters")
    op.drop_index(
        op.f("ix_digest_subscriptions_tenant_id_id"),
        table_name="digest_subscriptions",
        postgresql_where=sa.text("state = 'on'"),
    )
    op.drop_table("digest_subscriptions")
    op.drop_table("digest_mails")
    op.drop_index(
        "uq_calendar_feeds_living",
        table_name="calendar_feeds",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_table("calendar_feeds")
