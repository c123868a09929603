"""Versions of guidelines that a kommun makes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "case_migrations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("to_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("migrated_on", sa.Date(), nullable=False),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("migrated_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_case_migrations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_migrations")),
    )
    op.execute("ALTER TABLE case_migrations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_migrations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON case_migrations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON case_migrations TO hemvist_staff")
    op.execute("GRANT SELECT ON case_migrations TO hemvist_worker")
    op.create_index(
        op.f("ix_case_migrations_tenant_id_migrated_at"),
        "case_migrations",
        ["tenant_id", "migrated_at"],
        unique=False,
    )
    op.create_table(
        "pack_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "check_result",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("checked_hash", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'checked', 'submitted', 'approved', 'active', 'frozen', 'withdrawn', 'rejected')",
            name=op.f("ck_pack_versions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_pack_versions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pack_versions")),
        sa.UniqueConstraint(
            "tenant_id", "pack", "number", name=op.f("uq_pack_versions_tenant_id_pack_number")
        ),
    )
    op.execute("ALTER TABLE pack_versions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE pack_versions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON pack_versions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON pack_versions TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON pack_versions TO hemvist_worker")
    op.create_index(
        op.f("ix_pack_versions_tenant_id_state_in_force_from"),
        "pack_versions",
        ["tenant_id", "state", "in_force_from"],
        unique=False,
    )
    op.create_table(
        "pack_version_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack_version_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pack_version_id"],
            ["pack_versions.tenant_id", "pack_versions.id"],
            name=op.f("fk_pack_version_events_tenant_id_pack_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_pack_version_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pack_version_events")),
    )
    op.execute("ALTER TABLE pack_version_events ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE pack_version_events FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON pack_version_events USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON pack_version_events TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON pack_version_events TO hemvist_worker")
    op.create_index(
        op.f("ix_pack_version_events_tenant_id_pack_version_id_at"),
        "pack_version_events",
        ["tenant_id", "pack_version_id", "at"],
        unique=False,
    )
    op.create_table(
        "pack_version_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack_version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pack_version_id"],
            ["pack_versions.tenant_id", "pack_versions.id"],
            name=op.f("fk_pack_version_files_tenant_id_pack_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_pack_version_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pack_version_files")),
        sa.UniqueConstraint(
            "tenant_id",
            "pack_version_id",
            "name",
            name=op.f("uq_pack_version_files_tenant_id_pack_version_id_name"),
        ),
    )
    op.execute("ALTER TABLE pack_version_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE pack_version_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON pack_version_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON pack_version_files TO hemvist_staff")
    op.execute("GRANT SELECT ON pack_version_files TO hemvist_worker")
    op.create_table(
        "migrated_cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_migration_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_version", sa.Text(), nullable=False),
        sa.Column("to_version", sa.Text(), nullable=False),
        sa.Column("programmes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("obligations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_migrated_cases_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_migration_id"],
            ["case_migrations.tenant_id", "case_migrations.id"],
            name=op.f("fk_migrated_cases_tenant_id_case_migration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_migrated_cases_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_migrated_cases")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_migration_id",
            "case_id",
            name=op.f("uq_migrated_cases_tenant_id_case_migration_id_case_id"),
        ),
    )
    op.execute("ALTER TABLE migrated_cases ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE migrated_cases FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON migrated_cases USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON migrated_cases TO hemvist_staff")
    op.execute("GRANT SELECT ON migrated_cases TO hemvist_worker")
    op.create_index(
        op.f("ix_migrated_cases_tenant_id_case_id"),
        "migrated_cases",
        ["tenant_id", "case_id"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(op.f("ix_migrated_cases_tenant_id_case_id"), table_name="migrated_cases")
    op.drop_table("migrated_cases")
    op.drop_table("pack_version_files")
    op.drop_index(
        op.f("ix_pack_version_events_tenant_id_pack_version_id_at"),
        table_name="pack_version_events",
    )
    op.drop_table("pack_version_events")
    op.drop_index(
        op.f("ix_pack_versions_tenant_id_state_in_force_from"), table_name="pack_versions"
    )
    op.drop_table("pack_versions")
    op.drop_index(op.f("ix_case_migrations_tenant_id_migrated_at"), table_name="case_migrations")
    op.drop_table("case_migrations")
